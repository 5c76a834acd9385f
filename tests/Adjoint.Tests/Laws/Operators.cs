using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Every operator struct of the library, found by reflection, so that a new operator's file brings it under every law and no test changes. Only an
/// operator with parameters needs an entry in <see cref="Instances"/> or <see cref="Samples"/>; <see cref="CompletenessLaw"/> says so.
/// </summary>
internal static class Operators
{
    private static readonly Type[] PointwiseFamilies = [typeof(IMap), typeof(IMap2), typeof(IMap3)];

    /// <summary>The operators that any function is.</summary>
    public static Type[] OfFunctions { get; } = [typeof(Map<>), typeof(Map2<>), typeof(MapToConstant<>)];

    /// <summary>Operator structs of all families, in order of their names; each function is one of one input, or two of two.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. new[] { typeof(Tensor).Assembly, System.Reflection.Assembly.Load("Adjoint.NN") }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsValueType && (type.IsAssignableTo(typeof(IOperator)) || type.IsAssignableTo(typeof(ICompare))))
            .Where(type => Array.IndexOf(OfFunctions, type) < 0)
            .Concat(Functions(typeof(IFunction<>)).Select(function => typeof(Map<>).MakeGenericType(function)))
            .Concat(Functions(typeof(IFunction2<>)).SelectMany(function =>
                new[] { typeof(Map2<>).MakeGenericType(function), typeof(MapToConstant<>).MakeGenericType(function) }))
            .OrderBy(Instance.NameOf, StringComparer.Ordinal),
    ];

    /// <summary>The functions of one or of two arguments.</summary>
    public static IEnumerable<Type> Functions(Type face) => typeof(Tensor).Assembly.GetTypes()
        .Where(type => type.IsValueType
            && type.GetInterfaces().Any(other =>
                other.IsGenericType && other.GetGenericTypeDefinition() == face && other.GenericTypeArguments[0] == type));

    public static IReadOnlyDictionary<string, Pointwise> Pointwise { get; } = Cases<Pointwise>(
        (typeof(IMap), typeof(MapCase<>)), (typeof(IMap2), typeof(Map2Case<>)), (typeof(IMap3), typeof(Map3Case<>)))
        .ToDictionary(op => op.Name);

    public static IReadOnlyDictionary<string, Reduction> Reductions { get; } =
        Cases<Reduction>((typeof(IReduce), typeof(ReduceCase<>))).ToDictionary(op => op.Name);

    public static IReadOnlyDictionary<string, Comparison> Comparisons { get; } =
        Cases<Comparison>((typeof(ICompare), typeof(CompareCase<>))).ToDictionary(op => op.Name);

    public static TheoryData<string> PointwiseNames => [.. Pointwise.Keys];

    public static TheoryData<string> ReductionNames => [.. Reductions.Keys];

    public static TheoryData<string> ComparisonNames => [.. Comparisons.Keys];

    /// <summary>Whether laws run the operator as a formula, and not only through a public method.</summary>
    public static bool IsFormula(Type type) =>
        PointwiseFamilies.Append(typeof(IReduce)).Append(typeof(ICompare)).Any(type.IsAssignableTo);

    private static IEnumerable<C> Cases<C>(params (Type Family, Type Case)[] families)
    {
        foreach (var type in Types)
        {
            foreach (var (family, shape) in families)
            {
                if (!type.IsAssignableTo(family))
                {
                    continue;
                }

                // A parameterised operator without an entry has no case; the law of completeness names it.
                IEnumerable<Instance> instances = Instance.NeedsParameters(type)
                    ? Instances.Table.Where(instance => Definition(instance.Operator.GetType()) == type)
                    : [Instance.Of(type, [])];
                foreach (var instance in instances)
                {
                    yield return (C)Activator.CreateInstance(shape.MakeGenericType(instance.Operator.GetType()), instance)!;
                }
            }
        }
    }

    private static Type Definition(Type type) => type.IsGenericType && !Instance.IsFunction(type) ? type.GetGenericTypeDefinition() : type;
}
