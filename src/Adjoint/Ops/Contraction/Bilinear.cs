namespace Adjoint;

/// <content>Forms of two vectors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x1 W x2 + b for vectors along the last dimensions, with one matrix of weights for each result (<c>torch.nn.functional.bilinear</c>).
    /// </summary>
    /// <param name="x2">The right vectors, [..., in2]; this tensor is [..., in1].</param>
    /// <param name="weight">Of shape [out, in1, in2].</param>
    /// <param name="bias">Of shape [out]; null for none.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Bilinear(Tensor x2, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(x2);
        ArgumentNullException.ThrowIfNull(weight);
        CheckBilinear(x2, weight, bias);
        var (sizes, outs, ins1, ins2) = (Layout.Sizes, weight.Layout.Sizes[0], weight.Layout.Sizes[1], weight.Layout.Sizes[2]);
        var rows = Merged(this, 0, Rank - 2, "Bilinear");
        var columns = Shape.Dimension((long)outs * ins2, "the products of Bilinear");
        var products = Reshape(rows, ins1).Mm(weight.Transpose(0, 1).Reshape(ins1, columns)).Reshape(rows, outs, ins2);
        var result = products.Bmm(x2.Reshape(rows, ins2).Unsqueeze(2)).Reshape([.. sizes.AsSpan(..^1), outs]);
        return bias is null ? result : result + bias;
    }

    private void CheckBilinear(Tensor x2, Tensor weight, Tensor? bias)
    {
        if (Rank != x2.Rank || Rank == 0)
        {
            throw new ShapeException($"bilinear(): input dimensions do not match: got {Rank} and {x2.Rank}. Both are [..., features].");
        }

        for (var d = 0; d < Rank - 1; d++)
        {
            if (Layout.Sizes[d] != x2.Layout.Sizes[d])
            {
                throw new ShapeException(
                    $"bilinear(): input batch dimensions do not match at dim {d}: got {Layout.Sizes[d]} and {x2.Layout.Sizes[d]}. Both need the " +
                    $"same batch.");
            }
        }

        if (weight.Rank != 3)
        {
            throw new ShapeException($"bilinear(): weight must be 3-D, got {weight.Rank}-D. Its shape is [out, in1, in2].");
        }

        var sizes = weight.Layout.Sizes;
        var sentence = Layout.Sizes[^1] != sizes[1] ? $"input1 size does not match weight size: got {Layout.Sizes[^1]} but expected {sizes[1]}"
            : x2.Layout.Sizes[^1] != sizes[2] ? $"input2 size does not match weight size: got {x2.Layout.Sizes[^1]} but expected {sizes[2]}"
            : bias is not null && (bias.Rank == 0 || bias.Layout.Sizes[0] != sizes[0])
                ? $"bias size does not match weight size: got {(bias.Rank == 0 ? 1 : bias.Layout.Sizes[0])} but expected {sizes[0]}"
            : null;
        if (sentence is not null)
        {
            throw new ShapeException($"bilinear(): {sentence}. The weight has shape {Shape.Text(sizes)}.");
        }
    }
}
