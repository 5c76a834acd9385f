using Adjoint.Bench.Objectives;

namespace Adjoint.Bench.Rows;

/// <summary>The sparse Jacobian of ADBench's bundle adjustment, 31,843 observations:
/// blocks of 2 x 15 by a batch of Jacobians, assembled by rows.</summary>
[Row("ba1")]
public sealed class BundleJacobian : Row
{
    private readonly (Tensor, Tensor, Tensor, Tensor) _start;

    public BundleJacobian()
    {
        Objective = BundleAdjustment.Read("ba1.txt");
        _start = Objective.Start();
    }

    /// <summary>The data.</summary>
    public BundleAdjustment Objective { get; }

    public override string Unit => "ms";

    public override void Ours() => Objective.Jacobian(_start);

    public override double[][] Results()
    {
        var (values, _, _, residuals) = Objective.Jacobian(_start);
        return AdBench.Checksums(residuals.Sum(), values);
    }

    public override double Tolerance => 1e-8;

    /// <summary>The reference's results; its objective is the sum of all residuals.</summary>
    public override double[][] Expected() => AdBench.Golden(
        27335.96481862041, 96283600.704367682, 200252309.96556559, 473881.6614224583, -1660.9610512940958, -461.44632100159942,
        0.26476024920703151, -0.83404400000000001);
}
