namespace Adjoint.NN;

/// <summary>Takes channels of all groups in turn, as a layer (<c>torch.nn.ChannelShuffle</c>); see <c>Tensor.ChannelShuffle</c>.</summary>
/// <param name="groups">How many groups there are.</param>
public sealed class ChannelShuffle(int groups) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"groups={groups}";

    /// <summary>The image with its channels in another order.</summary>
    /// <param name="x">Of shape [N, C, ...].</param>
    /// <exception cref="ShapeException">The groups do not divide the channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ChannelShuffle(groups);
    }
}
