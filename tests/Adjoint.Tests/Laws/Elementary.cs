using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>Elementary functions and activations with arguments, for <see cref="Samples"/>.</summary>
internal static class Elementary
{
    public static IEnumerable<Call> Calls() =>
    [
        One("x.Frexp()", new(1.1, 1.9), x => x.Frexp().Mantissa),
        One("x.Round(1)", new(0.06, 0.14), x => x.Round(1) + x),
        One("x.Logit(0.2)", new(0.3, 0.7), x => x.Logit(0.2)),
        One("x.NanToNum()", Domain.Real, x => x.NanToNum() * x),
        One("x.MH", Domain.Real, x => x.MH),
        One("x.H", Domain.Real, x => x.H),
        One("x.Lerp(2, 0.25)", Domain.Real, x => x.Lerp(2, 0.25)),
        One("x.Hardshrink()", new(0.6, 3), x => x.Hardshrink()),
        One("x.Softshrink(0.25)", new(0.3, 3), x => x.Softshrink(0.25)),
        One("x.Threshold(0.5, 2)", new(0.6, 3), x => x.Threshold(0.5, 2)),
        One("x.Glu()", Domain.Real, x => x.Glu()),
        One("x.Glu(0)", Domain.Real, x => x.Glu(0)),
        One("x.Rrelu()", Domain.NonZero, x => x.Rrelu()),
        One("x.FloatPower(2.5)", Domain.Positive, x => x.FloatPower(2.5)),
        One("7 % x", new(2.05, 2.3), x => (Tensor)7 % x),
        One("x % 2", new(2.1, 3.9), x => x % 2),
        One("x.Fmod(-2)", new(2.1, 3.9), x => x.Fmod(-2)),
        One("x.Div(2, floor)", new(2.1, 3.9), x => x.Div(2, "floor") + x),
        One("x.Atan2(2)", Domain.Real, x => x.Atan2(2)),
        One("x.Exp2().Log2()", Domain.Real, x => x.Exp2().Log2()),
        Two("x.Ldexp(y)", Domain.Real, Domain.Real, (x, y) => x.Ldexp(y)),
        Two("x.Prelu(y)", Domain.NonZero, Domain.Real, (x, y) => x.Prelu(y)),
        Two("x.FloatPower(y)", Domain.Positive, Domain.Real, (x, y) => x.FloatPower(y)),
        Two("x.NextAfter(y)", Domain.Real, Domain.Real, (x, y) => x.NextAfter(y)),
        Two("x.Heaviside(y)", Domain.NonZero, Domain.Real, (x, y) => x.Heaviside(y) * y),
        Two("x.Div(y, trunc)", new(5.1, 5.9), new(2.05, 2.35), (x, y) => x.Div(y, "trunc") * y),
        Two("x.Remainder_(y)", new(5.1, 5.9), new(2.05, 2.35), (x, y) => (x * 1).Remainder_(y) * x),
        Two("x.Pow_(y)", Domain.Positive, Domain.Real, (x, y) => (x * 1).Pow_(y) * x),
        Three("x.Lerp_(y, z)", new(0.1, 0.9), (x, y, z) => (x * 1).Lerp_(y, z) * x),
        Three("x.Addcmul_(y, z, 2)", Domain.Real, (x, y, z) => (x * 1).Addcmul_(y, z, 2) * x),
        Three("x.Addcdiv_(y, z, 2)", Domain.Positive, (x, y, z) => (x * 1).Addcdiv_(y, z, 2) * x),
    ];

    private static Call One(string name, Domain domain, Func<Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor([2, 4], domain)), IsLoose: true);

    private static Call Three(string name, Domain last, Func<Tensor, Tensor, Tensor, Tensor> run) => new(
        name,
        draw => new(
            x => run(x[0], x[1], x[2]), draw.Tensor([2, 4], Domain.Real, 0, 3), draw.Tensor([4], Domain.Real, 1, 3), draw.Tensor([2, 1], last, 2, 3)),
        IsLoose: true);

    private static Call Two(string name, Domain left, Domain right, Func<Tensor, Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0], x[1]), draw.Tensor([2, 4], left, 0, 2), draw.Tensor([4], right, 1, 2)), IsLoose: true);
}
