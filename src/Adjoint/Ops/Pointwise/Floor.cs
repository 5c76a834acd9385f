using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The largest whole number that is not above x; its derivative is 0.</summary>
internal readonly struct Floor : IMap
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal => "\"floor_vml_cpu\" not implemented for 'Bool'";

    public static Domain Domain => new(0.1, 0.9);

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Floor(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    public V I<V>(V x)
        where V : struct, IRing<V> => x;
}

/// <summary>The largest whole number that is not above, element by element.</summary>
public static class FloorMethod
{
    private const string Refusal = "\"floor_vml_cpu\" not implemented for 'Bool'";

    extension(Tensor x)
    {
        /// <summary>The largest whole number that is not above, element by element.</summary>
        public Tensor Floor() => Op.Map(default(Floor), BoolRefusal.Of(x, Refusal));

        /// <summary>The largest whole number that is not above, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Floor_() => Op.MapInPlace(default(Floor), BoolRefusal.Of(x, Refusal));
    }
}
