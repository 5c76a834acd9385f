using Adjoint.Algebra;

namespace Adjoint.Ops.Families;

/// <summary>
/// What an operator's derivative formulas read, found by reading them once without numbers. The tape keeps nothing else. Formulas may not
/// branch on an operator's parameters outside the algebra, so that one reading speaks for all.
/// </summary>
internal static class MapTraits<O>
    where O : struct, IMap
{
    public static readonly bool ReadsX;
    public static readonly bool ReadsY;

    /// <summary>The derivative is 1: the gradient is passed on as it is.</summary>
    public static readonly bool IsIdentity;

    static MapTraits()
    {
        var d = default(O).D(Expr.Input("x"), Expr.Input("y"));
        ReadsX = d.Reads("x");
        ReadsY = d.Reads("y");
        IsIdentity = d.ToString() == "1";
    }
}

/// <summary>The same for an operator of two inputs, by input.</summary>
internal static class Map2Traits<O>
    where O : struct, IMap2
{
    public static readonly Reading Left = new(default(O).DX(Expr.Input("x"), Expr.Input("y"), Expr.Input("z")));
    public static readonly Reading Right = new(default(O).DY(Expr.Input("x"), Expr.Input("y"), Expr.Input("z")));
}

/// <summary>The same for an operator of three inputs, by input.</summary>
internal static class Map3Traits<O>
    where O : struct, IMap3
{
    public static readonly Reading First = new(default(O).DX(Expr.Input("x"), Expr.Input("y"), Expr.Input("z")));
    public static readonly Reading Second = new(default(O).DY(Expr.Input("x"), Expr.Input("y"), Expr.Input("z")));
    public static readonly Reading Third = new(default(O).DZ(Expr.Input("x"), Expr.Input("y"), Expr.Input("z")));
}

/// <summary>Which of x, y and z a derivative formula reads.</summary>
internal sealed class Reading(Expr d)
{
    public readonly bool X = d.Reads("x");
    public readonly bool Y = d.Reads("y");
    public readonly bool Z = d.Reads("z");
    public readonly bool IsIdentity = d.ToString() == "1";
    public readonly bool IsZero = d.ToString() == "0";
}
