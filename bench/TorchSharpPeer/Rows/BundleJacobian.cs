using Adjoint.Bench;
using Adjoint.Bench.Objectives;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.BundleJacobian;

namespace TorchSharpPeer.Rows;

/// <summary>
/// Batched by hand: observations do not share inputs once these are gathered, so two backward passes over sums give all blocks.
/// </summary>
public sealed class BundleJacobian : PeerRow
{
    private readonly BundleAdjustment _data;
    private readonly Tensor _cameras;
    private readonly Tensor _points;
    private readonly Tensor _weights;
    private readonly Tensor[] _features;
    private readonly Tensor _cameraOf;
    private readonly Tensor _pointOf;

    public BundleJacobian(Ours row)
    {
        _data = row.Objective;
        var p = _data.Observations;
        _cameras = tensor(_data.Camera).repeat(_data.Cameras, 1);
        _points = tensor(_data.Point).repeat(_data.Points, 1);
        _weights = full([p], _data.Weight, float64);
        _features = Array.ConvertAll(_data.Feature, feature => full([p], feature, float64));
        _cameraOf = tensor(Enumerable.Range(0, p).Select(i => (long)(i % _data.Cameras)).ToArray());
        _pointOf = tensor(Enumerable.Range(0, p).Select(i => (long)(i % _data.Points)).ToArray());
    }

    public override void Run() => Jacobian();

    public override double[][] Results()
    {
        var (values, residuals) = Jacobian();
        return AdBench.Checksums(residuals.Sum(), values);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in new[] { _cameras, _points, _weights, _cameraOf, _pointOf }.Concat(_features))
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }

    private (double[] Values, double[] Residuals) Jacobian()
    {
        using var scope = NewDisposeScope();
        var cameras = _cameras.t().contiguous().index_select(1, _cameraOf).unbind(0);
        var points = _points.t().contiguous().index_select(1, _pointOf).unbind(0);
        Tensor[] p = [.. cameras.Concat(points).Append(_weights).Select(input => input.detach().requires_grad_())];
        var (u, v) = Residual(p);
        var first = autograd.grad([u.sum()], p, retain_graph: true, allow_unused: true);
        var second = autograd.grad([v.sum()], p, allow_unused: true);
        var blocks = stack([Row(first), Row(second)], 1);
        _data.Structure();
        return (
            cat([blocks.reshape(-1), -2 * _weights]).data<double>().ToArray(),
            cat([stack([u, v], 1).detach().reshape(-1), 1 - _weights.square()]).data<double>().ToArray());
    }

    private Tensor Row(IList<Tensor> gradients) =>
        stack([.. gradients.Select(gradient => gradient is null || gradient.IsInvalid ? zeros_like(_weights) : gradient)], 1);

    private (Tensor U, Tensor V) Residual(Tensor[] p)
    {
        Tensor[] x = [p[11] - p[3], p[12] - p[4], p[13] - p[5]];
        var angle = ((p[0] * p[0]) + (p[1] * p[1]) + (p[2] * p[2])).sqrt();
        var (cosine, sine) = (angle.cos(), angle.sin());
        Tensor[] n = [p[0] / angle, p[1] / angle, p[2] / angle];
        var along = ((n[0] * x[0]) + (n[1] * x[1]) + (n[2] * x[2])) * (1 - cosine);
        var u = (x[0] * cosine) + (((n[1] * x[2]) - (n[2] * x[1])) * sine) + (n[0] * along);
        var v = (x[1] * cosine) + (((n[2] * x[0]) - (n[0] * x[2])) * sine) + (n[1] * along);
        var w = (x[2] * cosine) + (((n[0] * x[1]) - (n[1] * x[0])) * sine) + (n[2] * along);
        (u, v) = (u / w, v / w);
        var square = (u * u) + (v * v);
        var scale = (1 + (p[9] * square) + (p[10] * square * square)) * p[6];
        return (p[14] * ((u * scale) + p[7] - _features[0]), p[14] * ((v * scale) + p[8] - _features[1]));
    }
}
