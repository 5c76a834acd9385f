using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using static Adjoint.Tests.Laws.Instances;

namespace Adjoint.Tests.Laws;

/// <summary>Values of the parameters of elementary functions and of activations.</summary>
internal static class ElementaryInstances
{
    public static IEnumerable<Instance> All() =>
    [
        Sample<RoundTo>([2, 1], 0.25, 0.75),
        Sample<RoundTo>([10, 0]),
        Sample<NanToNum>([0.5, 100, -100], double.PositiveInfinity),
        Sample<Logit>([-1]),
        Sample<Logit>([0.25], 0.25, 0.75),
        Sample<LerpNumber>([0.25]),
        Sample<LerpNumber>([0.75]),
        Sample<LerpNumber>([-2]),
        Sample<Addcmul>([1]),
        Sample<Addcmul>([-2]),
        Sample<Addcmul>([0.5]),
        Sample<Addcdiv>([1]),
        Sample<Addcdiv>([0.5]),
        Sample<Hardshrink>([0.5], -0.5, 0.5),
        Sample<Hardshrink>([-1]),
        Sample<Softshrink>([0.5], -0.5, 0.5),
        Sample<Softshrink>([0], 0),
        Sample<Threshold>([1, -2], 1),
        Sample<Threshold>([-1, 0], -1),
        .. Of<Atan2>(0.75),
        .. Of<CopySign>(-2),
        .. Of<FloorDivide>(2.25),
        .. Of<TruncDivide>(2.25),
        .. Of<Fmod>(2.25),
        .. Of<Remainder>(2.25),
    ];

    /// <summary>A function of a tensor and a number; that of two tensors has no parameters.</summary>
    private static IEnumerable<Instance> Of<F>(double number)
        where F : struct, IFunction2<F> =>
        [Sample<MapToConstant<F>>([number])];
}
