using Adjoint.Bench.Objectives;

namespace Adjoint.Bench.Rows;

/// <summary>The dense Jacobian, 576 x 26, of ADBench's hand tracking, simple form: forward mode, all 26 columns at once.</summary>
[Row("hand-simple-192")]
public sealed class HandJacobian : Row
{
    private readonly HandTracking _objective = HandTracking.Read("hand2_t26_c192.txt");
    private readonly Func<Tensor, Tensor> _jacobian;
    private readonly Tensor _theta;

    public HandJacobian()
    {
        _theta = Tensor.FromArray(_objective.Theta);
        _jacobian = Transform.JacFwd<Tensor>(_objective.Residuals);
    }

    public override string Unit => "ms";

    public override string? Alone => "TorchSharp has no forward mode; reverse mode would need 576 passes.";

    public override void Ours() => _jacobian(_theta);

    public override double[][] Results() =>
        AdBench.Checksums(_objective.Residuals(_theta).Sum().Item(), _jacobian(_theta).T.Contiguous().ToArray<double>())[..6];

    public override double Tolerance => 1e-6;

    /// <summary>The reference's results: its matrix is by columns. The last two numbers are zeros.</summary>
    public override double[][] Expected() => AdBench.Golden(
        -2.6921041947881292, -565.98839403799059, 663.3308054707943, 24.115186528931993, -1.4800063471306797, -0.012666056736083273);
}
