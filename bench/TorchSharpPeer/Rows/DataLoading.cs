using Adjoint.Bench;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.DataLoading;

namespace TorchSharpPeer.Rows;

/// <summary>An epoch with TorchSharp's loader, which collates sample by sample on one worker.</summary>
public sealed class DataLoading : PeerRow
{
    private readonly Images _images;

    public DataLoading(Ours row) => _images = new Images(row);

    public override void Run()
    {
        long seen = 0;
        using var loader = Loader();
        foreach (var batch in loader)
        {
            seen += batch["x"].shape[0];
        }

        if (seen != Ours.Samples)
        {
            throw new InvalidOperationException($"{seen} samples of {Ours.Samples}");
        }
    }

    public override double[][] Results()
    {
        using var sums = zeros(Ours.Features, ScalarType.Float64);
        double labels = 0;
        using var loader = Loader();
        foreach (var batch in loader)
        {
            using var scope = NewDisposeScope();
            sums.add_(batch["x"].to(ScalarType.Float64).sum(0));
            labels += batch["y"].sum().item<long>();
        }

        return [Numbers.Of(sums), [labels]];
    }

    protected override void Dispose(bool disposing)
    {
        _images.Dispose();
        base.Dispose(disposing);
    }

    private TorchSharp.Modules.DataLoader Loader() => utils.data.DataLoader(_images, Ours.Batch, shuffle: true, disposeDataset: false);

    /// <summary>The rows of the row's data.</summary>
    private sealed class Images(Ours row) : utils.data.Dataset
    {
        private readonly Tensor _x = tensor(row.X, [Ours.Samples, Ours.Features]);
        private readonly Tensor _labels = tensor(row.Labels);

        public override long Count => Ours.Samples;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["x"] = _x[index], ["y"] = _labels[index] };

        protected override void Dispose(bool disposing)
        {
            _x.Dispose();
            _labels.Dispose();
            base.Dispose(disposing);
        }
    }
}
