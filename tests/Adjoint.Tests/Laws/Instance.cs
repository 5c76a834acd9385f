using System.Globalization;
using System.Reflection;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>An operator with its parameters, ready to run.</summary>
/// <param name="Operator">The operator struct.</param>
/// <param name="Kinks">Points without a derivative that follow from the parameters; the operator's domain knows the others.</param>
internal sealed record Instance(object Operator, params double[] Kinks)
{
    public string Name
    {
        get
        {
            var name = NameOf(Operator.GetType());
            return Parameters.Length == 0
                ? name
                : $"{name}({string.Join(", ", Parameters.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))})";
        }
    }

    /// <summary>The values of the parameters but for what an operator was called for, which says how it prints and not what it does.</summary>
    public object?[] Parameters => [.. Fields(Operator.GetType()).Select(parameter => parameter.GetValue(Operator))];

    /// <summary>Whether an operator struct has parameters, so that its default value says nothing.</summary>
    public static bool NeedsParameters(Type type) => type.IsGenericTypeDefinition || Fields(type).Any();

    /// <summary>An operator made from its numbers, in the order of its constructor; what it was called for does not matter.</summary>
    public static Instance Of(Type type, double[] numbers, params double[] kinks)
    {
        var next = 0;
        var parameters = type.GetConstructors().FirstOrDefault()?.GetParameters() ?? [];
        var values = Array.ConvertAll<ParameterInfo, object?>(parameters, parameter => parameter.ParameterType.IsEnum
            ? Activator.CreateInstance(parameter.ParameterType)
            : Convert.ChangeType(numbers[next++], parameter.ParameterType, CultureInfo.InvariantCulture));
        Assert.Equal(numbers.Length, next);
        return new(Activator.CreateInstance(type, values)!, kinks);
    }

    /// <summary>The type's name without the library's namespace; the function's name for an operator that is a function.</summary>
    public static string NameOf(Type type)
    {
        if (IsFunction(type))
        {
            var function = type.GenericTypeArguments[0].Name;
            return type.GetGenericTypeDefinition() == typeof(MapToConstant<>) ? function + "ToConstant" : function;
        }

        return type.FullName!.StartsWith("Adjoint.", StringComparison.Ordinal) ? type.FullName!["Adjoint.".Length..] : type.FullName!;
    }

    /// <summary>Whether an operator is a function and nothing else.</summary>
    public static bool IsFunction(Type type) =>
        type.IsConstructedGenericType && Array.IndexOf(Operators.OfFunctions, type.GetGenericTypeDefinition()) >= 0;

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(parameter => !parameter.FieldType.IsEnum);
}

/// <summary>
/// Values for the operators that take parameters. An operator without parameters needs no entry; one with parameters needs at least one,
/// and several where formulas treat values apart.
/// </summary>
internal static class Instances
{
    public static IReadOnlyList<Instance> Table { get; } =
    [
        .. ElementaryInstances.All(),
        Sample<AddScaled>([0.5, 0]),
        Sample<AddScaled>([-3, 0]),
        Sample<AddScaled>([0, 0]),
        Sample<AddScaled>([1, 0]),
        Sample<AddScaled>([-2, 1]),
        Sample<Amax>([0]),
        Sample<Amax>([1]),
        Sample<Amin>([0]),
        Sample<Amin>([1]),
        Sample<ClampNumber>([-1, 1], -1, 1),
        Sample<ClampNumber>([double.NegativeInfinity, 0.5], 0.5),
        Sample<ClampNumber>([-2, double.PositiveInfinity], -2),
        Sample<ClampNumber>([1, -1], -1, 1),
        Sample<Elu>([1, 1, 1]),
        Sample<Elu>([0.7, 2, 0.5]),
        Sample<Hardtanh>([-1, 2], -1, 2),
        Sample<LeakyRelu>([0.1]),
        Sample<LeakyRelu>([0]),
        Sample<Softplus>([1, 20]),
        Sample<Softplus>([2, 3], 1.5),
        Sample<MapToConstant<Pow>>([0]),
        Sample<MapToConstant<Pow>>([1]),
        Sample<MapToConstant<Pow>>([2]),
        Sample<MapToConstant<Pow>>([3]),
        Sample<MapToConstant<Pow>>([0.5]),
        Sample<MapToConstant<Pow>>([-1]),
        Sample<MapToConstant<Pow>>([1.5]),
        Sample<MapToConstant<Pow>>([-2.5]),
        Sample<NormP>([1], 0),
        Sample<NormP>([3], 0),
        Sample<NormP>([1.5], 0),
        Sample<NormP>([-1], 0),
        Sample<NormInfinity>([1], 0),
        Sample<NormInfinity>([0], 0),
        .. LossCalls.Parameters(),
        .. Specials.Parameters(),
    ];

    internal static Instance Sample<O>(double[] numbers, params double[] kinks)
        where O : struct => Instance.Of(typeof(O), numbers, kinks);
}
