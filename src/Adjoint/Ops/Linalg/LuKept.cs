using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// Factors as a thing that is kept beside their matrix. Nothing flows through it: the operators that use factors have the matrix as an input as well.
/// </summary>
internal interface IKept : IMultiOutput
{
    static bool IMultiOutput.HasGradient(int result) => false;

    Tensor?[] IMultiOutput.Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) => new Tensor?[shapes.Length];

    Tensor?[]? IMultiOutput.Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => new Tensor?[results.Length];
}

/// <summary>What is done where a factorisation of a matrix fails.</summary>
internal enum LinalgCheck
{
    /// <summary>Nothing; infos say so.</summary>
    None,

    /// <summary>The sentence of <c>linalg.solve</c>.</summary>
    Solve,

    /// <summary>The sentence of <c>linalg.inv</c>.</summary>
    Inverse,

    /// <summary>The sentence of <c>linalg.lu_factor</c>.</summary>
    LuFactor,
}

/// <summary>
/// The factors of square matrices as a thing that is kept beside them: packed factors, pivots and infos. Nothing flows through it; the operators that
/// use it (<see cref="SolveKept"/> and others) have the matrix as an input as well, and all of their derivatives reuse the factors.
/// </summary>
internal readonly record struct LuKept(LinalgCheck Check) : IKept
{
    internal LinalgCheck Check { get; init; } = Check;

    /// <summary>Factors matrices that are square.</summary>
    /// <returns>Packed factors, pivots, infos.</returns>
    public static Tensor[] Of(Tensor a, LinalgCheck check = LinalgCheck.None) => Op.MultiOutput(new LuKept(check), a.Detach());

    public TensorType[] Infer(TensorType[] inputs) => LuFactorEx.Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs) => LuFactorEx.Factor(inputs[0], isPivoted: true, Check);

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}
