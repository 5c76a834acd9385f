using System.Collections.Concurrent;
using System.Reflection;

namespace Adjoint.Families;

/// <summary>The parameters of operators: the properties of the record struct that an operator is, in order.</summary>
internal static class Parameter
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = [];

    /// <summary>The names and values of an operator's parameters.</summary>
    public static KeyValuePair<string, object?>[] Of(IOperator op)
    {
        // Where the type is read at its annotated interface, a trimmed program keeps the properties of all operators.
        var type = op.GetType();
        if (!Known.TryGetValue(type, out var properties))
        {
            properties = Array.FindAll(type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly), IsParameter);
            Known[type] = properties;
        }

        return Array.ConvertAll(properties, property => KeyValuePair.Create(char.ToLowerInvariant(property.Name[0]) + property.Name[1..], property.GetValue(op)));
    }

    /// <summary>What an operator says of itself in general is none.</summary>
    private static bool IsParameter(PropertyInfo property) =>
        property.CanWrite && property.Name is not (nameof(IOperator.GradName) or nameof(IOperator.ShownInputs));
}
