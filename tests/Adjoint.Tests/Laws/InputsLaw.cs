using System.Reflection;
using Adjoint.Memory;

namespace Adjoint.Tests.Laws;

/// <summary>
/// No operator holds a tensor: tensors are inputs of a call, so that versions, saved-tensor hooks, the list of what a graph saves, and transforms see
/// them.
/// </summary>
public class InputsLaw
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static TheoryData<Type> Holders =>
        [typeof(Direct), typeof(Memory), typeof(Nested), typeof(Listed), typeof(Closure), typeof(Anything), typeof(Boxed)];

    /// <summary>Whatever its fields lead to, and whatever a field could hold at run time.</summary>
    [Fact]
    public void NoOperatorHoldsATensor()
    {
        var holders = Operators.Types.Select(type => (type, Way: WayToATensor(type, []))).Where(pair => pair.Way is not null).ToList();
        Assert.True(holders.Count == 0, string.Join("\n", holders.Select(pair => $"{Instance.NameOf(pair.type)} can hold a tensor: {pair.Way}")));
    }

    /// <summary>The law sees all the ways to hold one.</summary>
    [Theory]
    [MemberData(nameof(Holders))]
    public void ATensorIsFound(Type holder) => Assert.NotNull(WayToATensor(holder, []));

    [Fact]
    public void NumbersAndTextAreNone() => Assert.Null(WayToATensor(typeof(Plain), []));

    /// <summary>Names of fields down to a type that is a tensor or may stand for one; null if there is none.</summary>
    private static string? WayToATensor(Type type, HashSet<Type> seen)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer
            || type == typeof(string) || type == typeof(decimal) || type == typeof(Type) || !seen.Add(type))
        {
            return null;
        }

        if (type == typeof(Tensor) || type == typeof(Storage))
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return WayToATensor(type.GetElementType()!, seen);
        }

        if (type.IsAssignableTo(typeof(Delegate)) || type.IsInterface || type.IsGenericParameter || (type.IsClass && !type.IsSealed))
        {
            return $"{type.Name}, which may be anything";
        }

        foreach (var field in Fields(type))
        {
            if (WayToATensor(field.FieldType, seen) is { } way)
            {
                return $"{field.Name}: {way}";
            }
        }

        return null;
    }

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(OwnFields))
            {
                yield return field;
            }
        }
    }

    private readonly record struct Direct(Tensor? Mask);

    private readonly record struct Memory(Storage? Values);

    private readonly record struct Nested(Box? Box);

    private readonly record struct Listed(IReadOnlyList<int>? List);

    private readonly record struct Closure(Func<double, double>? Function);

    private readonly record struct Anything(object? Value);

    private readonly record struct Boxed((int Number, Tensor[]? Tensors) Pair);

    private readonly record struct Plain(string? Name, int[]? Sizes, bool[]? Reduced, DType DType, (double Real, long Whole) Pair, Layout? Layout);

    private sealed record Box(Tensor? Content);
}
