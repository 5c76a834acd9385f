using Adjoint.Algebra;
using Adjoint.Kernels;

namespace Adjoint.Families;

/// <summary>Finds the loop that reads a formula; none where elements have to be widened first.</summary>
internal unsafe struct LoopJob<B> : IDTypeJob
    where B : struct, IBody
{
    public delegate*<void*, byte**, nint*, nint, void> Inner;

    // What a body has no formula for has no loop in the program either: these tests are constants.
    static RareWhole IDTypeJob.Rare => RareWhole.LeftUndone;

    void IDTypeJob.Truth() => Inner = B.Elements == Elements.All ? Loop.Truth<B>() : throw DType.Bool.NotImplemented(typeof(B).Name);

    void IDTypeJob.Whole<T>() => Inner = B.Elements != Elements.Real ? Loop.Whole<B, T>() : throw DType.Of<T>().NotImplemented(typeof(B).Name);

    // What is stored in fewer bits has no loop of its own.
    void IDTypeJob.Real<S, T, C>() => Inner = typeof(S) == typeof(T) ? Loop.Real<B, T>() : null;
}
