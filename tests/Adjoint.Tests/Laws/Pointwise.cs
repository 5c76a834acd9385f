using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint.Tests.Laws;

/// <summary>What the library believes of a derivative formula, from reading it without numbers.</summary>
/// <param name="Reads">Whether it reads each of the inputs, and last the result.</param>
/// <param name="IsIdentity">It is 1: gradients are passed on.</param>
/// <param name="IsZero">It is 0: nothing is passed on.</param>
internal sealed record Trait(bool[] Reads, bool IsIdentity, bool IsZero);

/// <summary>
/// One instance of a pointwise operator of one, two or three inputs behind one face, so that a law is written once for all arities. Formulas
/// take the inputs in a span; derivatives take the inputs and, last, the result.
/// </summary>
internal abstract class Pointwise(Instance instance)
{
    /// <summary>The names of inputs and result in formulas.</summary>
    private static readonly string[][] Symbols = [[], ["x", "y"], ["x", "y", "z"], ["x", "y", "z", "w"]];

    public string Name => instance.Name;

    /// <summary>The operator struct's own name: what its method is called.</summary>
    public string Method => Instance.NameOf(instance.Operator.GetType());

    public abstract int Arity { get; }

    public abstract Elements Elements { get; }

    public abstract bool Selects { get; }

    /// <summary>Where each input may be drawn, the instance's own kinks included.</summary>
    public IReadOnlyList<Domain> Domains =>
        [.. OperatorDomains.Select(domain => domain with { Kinks = [.. domain.Kinks ?? [], .. instance.Kinks] })];

    /// <summary>All parameters are whole numbers, so that formulas for reals and for whole numbers can agree.</summary>
    public bool HasWholeParameters =>
        instance.Parameters.All(value => value is not double number || double.IsInteger(number) || double.IsInfinity(number));

    protected abstract Domain[] OperatorDomains { get; }

    public abstract V F<V>(ReadOnlySpan<V> x)
        where V : struct, IReal<V>;

    public abstract V D<V>(int input, ReadOnlySpan<V> x)
        where V : struct, IReal<V>;

    public abstract V I<V>(ReadOnlySpan<V> x)
        where V : struct, IRing<V>;

    /// <summary>The public path: dtype, broadcasting, loop and record.</summary>
    public abstract Tensor Run(params ReadOnlySpan<Tensor> x);

    /// <summary>The eager loop at one width. Pointers: the output, then the inputs.</summary>
    public abstract unsafe void Values<L, T>(byte** p, nint* strides, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged;

    /// <summary>The loop of the pull at one width. Pointers: the output, the gradient, the inputs and, for arities 1 and 2, the result.</summary>
    public abstract unsafe void Pulls<L, T>(int input, byte** p, nint* strides, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged;

    /// <summary>What the library believes of this instance.</summary>
    public abstract Trait Trait(int input);

    /// <summary>The formula in words.</summary>
    public string Text() => F<Expr>(Array.ConvertAll(Symbols[Arity], Expr.Input)).ToString();

    /// <summary>The derivative against an input in words.</summary>
    public string Text(int input) => D<Expr>(input, Array.ConvertAll(Symbols[Arity], Expr.Input)).ToString();

    /// <summary>
    /// Whether an element's last bit may depend on its neighbours: the base library's vector forms of exp, sin and cos take another path for a whole
    /// vector as soon as one of its elements is large.
    /// </summary>
    public static bool SharesPaths(string formula) =>
        new[] { "exp(", "sin(", "cos(", "tanh(" }.Any(function => formula.Contains(function, StringComparison.Ordinal));

    /// <summary>What this instance's derivative formula says of itself.</summary>
    public Trait Formula(int input)
    {
        var symbols = Symbols[Arity];
        var formula = D<Expr>(input, Array.ConvertAll(symbols, Expr.Input));
        return new([.. symbols.Select(symbol => formula.Reads(Expr.Input(symbol)))], formula.Is(1), formula.Is(0));
    }

    public override string ToString() => Name;

    /// <summary>The derivative at a point, from the inputs alone.</summary>
    public V Slope<V>(int input, params ReadOnlySpan<V> x)
        where V : struct, IReal<V> => D<V>(input, [.. x, F(x)]);

    /// <summary>What the pull multiplies with and how: g * D, where nothing at all flows if the operator selects and D is 0.</summary>
    public V Pull<V>(int input, V g, ReadOnlySpan<V> x)
        where V : struct, IReal<V>
    {
        var slope = D(input, x);
        return Selects ? V.Select(V.Equal(slope, V.Zero), V.Zero, g * slope) : g * slope;
    }
}

/// <summary>An <see cref="IMap"/>.</summary>
internal sealed class MapCase<O>(Instance instance) : Pointwise(instance)
    where O : struct, IMap
{
    private readonly O _op = (O)instance.Operator;

    public override int Arity => 1;

    public override Elements Elements => O.Elements;

    public override bool Selects => O.Selects;

    protected override Domain[] OperatorDomains => [O.Domain];

    public override V F<V>(ReadOnlySpan<V> x) => _op.F(x[0]);

    public override V D<V>(int input, ReadOnlySpan<V> x) => _op.D(x[0], x[1]);

    public override V I<V>(ReadOnlySpan<V> x) => _op.I(x[0]);

    public override Tensor Run(params ReadOnlySpan<Tensor> x) => Op.Map(_op, x[0]);

    public override unsafe void Values<L, T>(byte** p, nint* strides, nint n)
    {
        var body = new MapBody<O>(_op);
        Loop.Lanes<MapBody<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
    }

    public override unsafe void Pulls<L, T>(int input, byte** p, nint* strides, nint n)
    {
        var body = new MapPullBody<O>(_op);
        Loop.Lanes<MapPullBody<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
    }

    public override Trait Trait(int input)
    {
        var reading = MapTraits<O>.Of(_op);
        return new([reading.X, reading.Y], reading.IsIdentity, reading.IsZero);
    }
}

/// <summary>An <see cref="IMap2"/>.</summary>
internal sealed class Map2Case<O>(Instance instance) : Pointwise(instance)
    where O : struct, IMap2
{
    private readonly O _op = (O)instance.Operator;

    public override int Arity => 2;

    public override Elements Elements => O.Elements;

    public override bool Selects => O.Selects;

    protected override Domain[] OperatorDomains => [O.DomainX, O.DomainY];

    public override V F<V>(ReadOnlySpan<V> x) => _op.F(x[0], x[1]);

    public override V D<V>(int input, ReadOnlySpan<V> x) => input == 0 ? _op.DX(x[0], x[1], x[2]) : _op.DY(x[0], x[1], x[2]);

    public override V I<V>(ReadOnlySpan<V> x) => _op.I(x[0], x[1]);

    public override Tensor Run(params ReadOnlySpan<Tensor> x) => Op.Map2(_op, x[0], x[1]);

    public override unsafe void Values<L, T>(byte** p, nint* strides, nint n)
    {
        var body = new Map2Body<O>(_op);
        Loop.Lanes<Map2Body<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
    }

    public override unsafe void Pulls<L, T>(int input, byte** p, nint* strides, nint n)
    {
        if (input == 0)
        {
            var body = new Map2PullX<O>(_op);
            Loop.Lanes<Map2PullX<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
        }
        else
        {
            var body = new Map2PullY<O>(_op);
            Loop.Lanes<Map2PullY<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
        }
    }

    public override Trait Trait(int input)
    {
        var reading = Map2Traits<O>.Of(_op)[input];
        return new([reading.X, reading.Y, reading.Z], reading.IsIdentity, reading.IsZero);
    }
}

/// <summary>An <see cref="IMap3"/>, whose derivatives do not take the result.</summary>
internal sealed class Map3Case<O>(Instance instance) : Pointwise(instance)
    where O : struct, IMap3
{
    private readonly O _op = (O)instance.Operator;

    public override int Arity => 3;

    public override Elements Elements => O.Elements;

    public override bool Selects => O.Selects;

    protected override Domain[] OperatorDomains => [O.Domain, O.Domain, O.Domain];

    public override V F<V>(ReadOnlySpan<V> x) => _op.F(x[0], x[1], x[2]);

    public override V D<V>(int input, ReadOnlySpan<V> x) => input switch
    {
        0 => _op.DX(x[0], x[1], x[2]),
        1 => _op.DY(x[0], x[1], x[2]),
        _ => _op.DZ(x[0], x[1], x[2]),
    };

    public override V I<V>(ReadOnlySpan<V> x) => _op.I(x[0], x[1], x[2]);

    public override Tensor Run(params ReadOnlySpan<Tensor> x) => Op.Map3(_op, x[0], x[1], x[2]);

    public override unsafe void Values<L, T>(byte** p, nint* strides, nint n)
    {
        var body = new Map3Body<O>(_op);
        Loop.Lanes<Map3Body<O>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
    }

    public override unsafe void Pulls<L, T>(int input, byte** p, nint* strides, nint n)
    {
        switch (input)
        {
            case 0:
                Pull<FirstInput, L, T>(p, strides, n);
                break;
            case 1:
                Pull<SecondInput, L, T>(p, strides, n);
                break;
            default:
                Pull<ThirdInput, L, T>(p, strides, n);
                break;
        }
    }

    public override Trait Trait(int input)
    {
        var reading = Map3Traits<O>.Of(_op)[input];
        return new([reading.X, reading.Y, reading.Z, false], reading.IsIdentity, reading.IsZero);
    }

    private unsafe void Pull<N, L, T>(byte** p, nint* strides, nint n)
        where N : struct, IInput
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var body = new Map3PullBody<O, N>(_op);
        Loop.Lanes<Map3PullBody<O, N>, L, T>(Unsafe.AsPointer(ref body), p, strides, n);
    }
}
