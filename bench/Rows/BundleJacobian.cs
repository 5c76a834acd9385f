using Adjoint.Bench.Objectives;

namespace Adjoint.Bench.Rows;

/// <summary>The sparse Jacobian of ADBench's bundle adjustment, 31,843 observations:
/// blocks of 2 x 15 by a batch of Jacobians, assembled by rows.</summary>
[Row("ba1")]
public sealed class BundleJacobian : Row
{
    /// <summary>Columns of an observation's residual.</summary>
    public const int Columns = 15;

    private readonly Tensor _cameras;
    private readonly Tensor _points;
    private readonly Tensor _weights;
    private readonly Tensor _features;
    private readonly Tensor _cameraOf;
    private readonly Tensor _pointOf;
    private readonly Func<Tensor[], Tensor[], Tensor[]> _blocks;

    public BundleJacobian()
    {
        Objective = new BundleAdjustment("ba1.txt");
        (_cameras, _points, _weights, _features) = Objective.Start();
        var observations = Enumerable.Range(0, Objective.Observations);
        _cameraOf = Tensor.FromArray([.. observations.Select(i => (long)(i % Objective.Cameras))]);
        _pointOf = Tensor.FromArray([.. observations.Select(i => (long)(i % Objective.Points))]);
        _blocks = Transform.Vmap((Tensor[] p, Tensor[] feature) => (Tensor[])
        [
            BundleAdjustment.Residual(p, feature), .. Transform.JacRev((Tensor[] q) => BundleAdjustment.Residual(q, feature))(p),
        ]);
    }

    /// <summary>The data.</summary>
    public BundleAdjustment Objective { get; }

    public override string Unit => "ms";

    public override void Ours() => Jacobian();

    public override double[][] Results()
    {
        var (values, _, _, residuals) = Jacobian();
        return AdBench.Checksums(residuals.Sum(), values);
    }

    public override double Tolerance => 1e-8;

    /// <summary>The reference's results; its objective is the sum of all residuals.</summary>
    public override double[][] Expected() => AdBench.Golden(
        27335.96481862041, 96283600.704367682, 200252309.96556559, 473881.6614224583, -1660.9610512940958, -461.44632100159942,
        0.26476024920703151, -0.83404400000000001);

    /// <summary>Row starts and columns of the Jacobian, which follow from what each camera saw.</summary>
    public static (int[] Rows, int[] Columns) Structure(BundleAdjustment objective)
    {
        var p = objective.Observations;
        var rows = new int[(3 * p) + 1];
        var columns = new int[31 * p];
        var at = 0;
        for (var i = 0; i < p; i++)
        {
            var (camera, point) = (i % objective.Cameras, i % objective.Points);
            for (var residual = 0; residual < 2; residual++)
            {
                for (var c = 0; c < 11; c++)
                {
                    columns[at++] = (11 * camera) + c;
                }

                for (var c = 0; c < 3; c++)
                {
                    columns[at++] = (11 * objective.Cameras) + (3 * point) + c;
                }

                columns[at++] = (11 * objective.Cameras) + (3 * objective.Points) + i;
                rows[(2 * i) + residual + 1] = at;
            }
        }

        for (var i = 0; i < p; i++)
        {
            columns[at++] = (11 * objective.Cameras) + (3 * objective.Points) + i;
            rows[(2 * p) + i + 1] = at;
        }

        return (rows, columns);
    }

    private (double[] Values, int[] Rows, int[] Columns, double[] Residuals) Jacobian()
    {
        Tensor[] inputs = [.. _cameras.T.Contiguous().Unbind().Select(Column), .. _points.T.Contiguous().Unbind().Select(Column), _weights];
        var results = _blocks(inputs, [.. _features.T.Contiguous()]);
        var (residuals, jacobian) = (results[0], Tensor.Stack(results[1..], 2));
        var (weights, slopes) = (1 - _weights.Square(), -2 * _weights);
        var (rows, columns) = Structure(Objective);
        return (
            Tensor.Cat([jacobian.Reshape(-1), slopes]).ToArray<double>(),
            rows,
            columns,
            Tensor.Cat([residuals.Reshape(-1), weights]).ToArray<double>());

        // What each observation's camera or point has.
        Tensor Column(Tensor all) => all[all.Shape.Count == Objective.Cameras ? _cameraOf : _pointOf];
    }
}
