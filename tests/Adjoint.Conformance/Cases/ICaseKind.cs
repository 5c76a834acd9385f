using System.Text.Json;

namespace Adjoint.Conformance.Cases;

/// <summary>A kind of cases: what a line holds, and how it is judged.</summary>
internal interface ICaseKind
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What every case of this kind has.</summary>
    IReadOnlyList<string> Properties { get; }

    /// <summary>A few words by which a reader finds the case again.</summary>
    string Describe(JsonElement line);

    /// <summary>Runs a case. Returns null if it agrees with PyTorch, or what differs; what it throws is a failure too.</summary>
    /// <exception cref="MissingException">The case needs something that the library does not have.</exception>
    string? Difference(JsonElement line);
}

/// <summary>The kinds of cases.</summary>
internal static class CaseKinds
{
    public static ICaseKind Ops { get; } = new OpsCases(Operators.OperatorTable.All);

    public static ICaseKind DTypes { get; } = new DTypeCases();

    public static ICaseKind Modules { get; } = new ModuleCases(new Modules.ModuleTable());

    public static ICaseKind Print { get; } = new PrintCases();

    public static ICaseKind Promotion { get; } = new PromotionCases(Operators.OperatorTable.All);

    public static ICaseKind Programs { get; } = new ProgramCases();

    public static ICaseKind Random { get; } = new RandomCases();

    public static ICaseKind Transforms { get; } = new TransformCases();

    public static ICaseKind Optimisers { get; } = new OptimiserCases();

    public static ICaseKind Schedulers { get; } = new SchedulerCases();

    public static ICaseKind Init { get; } = new InitCases();

    public static ICaseKind? Find(string name) =>
        Array.Find(
            [Ops, DTypes, Init, Modules, Optimisers, Print, Programs, Promotion, Random, Schedulers, Transforms], kind => kind.Name == name);
}
