namespace Adjoint.Families;

/// <summary>Which of two arguments is a plain number of C#. PyTorch records these calls under names of their own, with one edge.</summary>
internal enum PlainNumber : byte
{
    /// <summary>None of them.</summary>
    None,

    /// <summary>The first.</summary>
    First,

    /// <summary>The second, and not the first.</summary>
    Second,
}

/// <summary>Finds plain numbers among operands.</summary>
internal static class PlainNumbers
{
    /// <summary>Which of two operands is a plain number.</summary>
    public static PlainNumber Of(Tensor x, Tensor? y) => IsPlain(x) ? PlainNumber.First : OfSecond(y);

    /// <summary>Whether the first of two operands is a plain number.</summary>
    public static PlainNumber OfFirst(Tensor x) => IsPlain(x) ? PlainNumber.First : PlainNumber.None;

    /// <summary>Whether the second of two operands is a plain number, where the first is a tensor or changed in place.</summary>
    public static PlainNumber OfSecond(Tensor? y) => y is not null && IsPlain(y) ? PlainNumber.Second : PlainNumber.None;

    /// <summary>The inputs that PyTorch's node has an edge for; null for all.</summary>
    public static int[]? ShownInputs(this PlainNumber number) => number switch
    {
        PlainNumber.First => [1],
        PlainNumber.Second => [0],
        _ => null,
    };

    private static bool IsPlain(Tensor x) => x is { IsNumber: true, RequiresGrad: false };
}
