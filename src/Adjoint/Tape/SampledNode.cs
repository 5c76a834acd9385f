namespace Adjoint.Tape;

/// <summary>
/// The history of a stand-in beside that of the sample which it has become: gradients flow into both. The first leads to what reverse transforms
/// inside of the batch follow, the second out of the batch.
/// </summary>
internal sealed class SampledNode : Node
{
    private readonly Edge _inside;
    private readonly Edge _outside;

    public SampledNode(Edge inside, Edge outside, Tensor sample)
    {
        _inside = inside;
        _outside = outside;
        Attach(sample);
    }

    public override string Name => "SelectBackward0";

    internal override string Operation => "Select";

    internal override int EdgeCount => 2;

    internal override Edge GetEdge(int index) => index == 0 ? _inside : _outside;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        for (var i = 0; i < EdgeCount; i++)
        {
            if (puller.Wants(GetEdge(i)))
            {
                puller.GiveMade(GetEdge(i), gradient, gradient);
            }
        }
    }
}
