namespace Adjoint.Ops.Families;

/// <summary>The refusal of truth values in an operator's own words, where PyTorch has some.</summary>
internal static class BoolRefusal
{
    /// <summary>A tensor of numbers.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="sentence">What PyTorch says of truth values, without its point.</param>
    /// <exception cref="DTypeException">They are truth values.</exception>
    public static Tensor Of(Tensor x, string sentence)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType != DType.Bool ? x : throw Refused(sentence);
    }

    private static DTypeException Refused(string sentence) =>
        new(sentence + ". Convert the tensor first: x.To(DType.Float32) or x.To(DType.Int64).");
}
