using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint;

/// <summary>
/// What is done by dtype, a part for each kind of element: <see cref="DType.Visit{J}(ref J)"/> runs the one that fits, with the types that it stands
/// for. A job is a struct, so that each of its parts is compiled for its types.
/// </summary>
internal interface IDTypeJob
{
    /// <summary>What becomes of whole numbers without loops (<see cref="DType.HasLoops"/>).</summary>
    static virtual RareWhole Rare => RareWhole.Refused;

    /// <summary>The part for truth values, bytes that are 0 or 1.</summary>
    void Truth();

    /// <summary>The part for whole numbers.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    void Whole<T>()
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;

    /// <summary>The part for reals.</summary>
    /// <typeparam name="S">The type of an element in memory.</typeparam>
    /// <typeparam name="T">The type to compute with.</typeparam>
    /// <typeparam name="C">The way from one to the other.</typeparam>
    void Real<S, T, C>()
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        where C : struct, IStored<S, T>;
}

/// <summary>What a job does for whole numbers without loops.</summary>
internal enum RareWhole
{
    /// <summary>Nothing: who brings the job has to convert them before.</summary>
    Refused,

    /// <summary>Nothing, and who brings the job converts them then.</summary>
    LeftUndone,

    /// <summary>Its part for whole numbers, compiled for their types as well.</summary>
    Run,
}

/// <summary>What is done with real elements in the type that they are computed with.</summary>
internal interface IRealJob
{
    /// <summary>Does it.</summary>
    /// <typeparam name="T">The type of an element, in memory as well.</typeparam>
    void Run<T>()
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}
