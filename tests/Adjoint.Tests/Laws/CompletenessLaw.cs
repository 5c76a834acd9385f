using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>No operator escapes the laws.</summary>
public class CompletenessLaw
{
    /// <summary>The acceptance test of the design: its file is all that anybody wrote about Softsign.</summary>
    [Fact]
    public void AnOperatorWithoutParametersIsFoundByItsFileAlone()
    {
        Assert.Contains("Softsign", Operators.PointwiseNames.Select(row => row.Data));
        Assert.False(Instance.NeedsParameters(typeof(Softsign)));
    }

    /// <summary>And the same for a function: its file, and the operator's method that is called like it.</summary>
    [Fact]
    public void AFunctionIsFoundByItsFileAlone()
    {
        Assert.Contains("Asinh", Operators.PointwiseNames.Select(row => row.Data));
        Assert.False(Instance.NeedsParameters(typeof(Map<Asinh>)));
    }

    [Fact]
    public void EveryFormulaHasInstances()
    {
        var covered = Operators.Pointwise.Values.Select(op => op.Name)
            .Concat(Operators.Reductions.Keys)
            .Concat(Operators.Comparisons.Keys)
            .Select(name => name.Split('(')[0])
            .ToHashSet();
        var missing = Operators.Types.Where(Operators.IsFormula).Select(Instance.NameOf).Where(name => !covered.Contains(name)).ToList();
        Assert.True(missing.Count == 0, $"Add values of the parameters to Instances.Table for: {string.Join(", ", missing)}");
    }

    /// <summary>Operators that are no formulas are run by public methods; the recorded graphs say which.</summary>
    [Fact]
    public void EveryOtherOperatorHasASample()
    {
        var recorded = Samples.Table.SelectMany(Calls.Nodes)
            .Select(node => node.GetType())
            .Where(type => type.IsGenericType)
            .Select(type => type.GenericTypeArguments[0])
            .Select(type => type.IsGenericType && !Instance.IsFunction(type) ? type.GetGenericTypeDefinition() : type)
            .ToHashSet();
        var missing = Operators.Types
            .Where(type => !Operators.IsFormula(type) && !recorded.Contains(type) && !IsNeverRecorded(type))
            .Select(Instance.NameOf)
            .ToList();
        Assert.True(missing.Count == 0, $"Add a call to Samples.Table that runs: {string.Join(", ", missing)}");
    }

    [Fact]
    public void EveryOperatorBelongsToAFamilyWithLaws()
    {
        Type[] families =
        [
            typeof(IMap), typeof(IMap2), typeof(IMap3), typeof(IReduce), typeof(ICompare), typeof(ILinear), typeof(IBilinear),
            typeof(IJoin), typeof(IRows), typeof(IWhole), typeof(IIndexed), typeof(IPulled), typeof(IMultiOutput), typeof(IScan),
            typeof(IWrite),
        ];
        Assert.Empty(Operators.Types.Where(type => !families.Any(type.IsAssignableTo)));
    }

    /// <summary>Positions, other whole numbers and kept factors are never recorded; laws see them in the operators that use them.</summary>
    private static bool IsNeverRecorded(Type type) => type.IsAssignableTo(typeof(IWhole)) || type.IsAssignableTo(typeof(IKept));
}
