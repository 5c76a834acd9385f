using System.Collections.Concurrent;
using System.Reflection;

namespace Adjoint.Families;

/// <summary>The parameters of operators: the public properties of the record struct that an operator is, in order.</summary>
internal static class Parameter
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = [];

    /// <summary>The names and values of an operator's parameters, in types that users have.</summary>
    public static KeyValuePair<string, object?>[] Of(IOperator op)
    {
        if (op is IParameters own)
        {
            return [.. own.List(string.Empty)];
        }

        // Where the type is read at its annotated interface, a trimmed program keeps the properties of all operators.
        var type = op.GetType();
        if (!Known.TryGetValue(type, out var properties))
        {
            properties = Array.FindAll(
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly),
                property => property.CanWrite);
            Known[type] = properties;
        }

        List<KeyValuePair<string, object?>> all = [];
        foreach (var property in properties)
        {
            var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            var value = property.GetValue(op);
            if (value is IParameters several)
            {
                all.AddRange(several.List(name));
            }
            else
            {
                all.Add(new(name, Readable(value)));
            }
        }

        return [.. all];
    }

    /// <summary>A value in types that users have; marks of dimensions are the numbers of those that are marked.</summary>
    public static object? Readable(object? value) => value switch
    {
        IValueArray array => Readable(array.Items),
        bool[] marks => Array.FindAll([.. Enumerable.Range(0, marks.Length)], dim => marks[dim]),
        nint[] strides => Array.ConvertAll(strides, stride => (long)stride),
        nint number => (long)number,
        _ => value,
    };
}
