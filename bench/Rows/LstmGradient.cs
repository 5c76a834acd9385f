using Adjoint.Bench.Objectives;

namespace Adjoint.Bench.Rows;

/// <summary>Value and gradient of ADBench's diagonal LSTM: two layers, 1,024 characters, some 50,000 operators on 14 numbers.</summary>
[Row("lstm-l2-c1024")]
public sealed class LstmGradient : Row
{
    private readonly Func<(Tensor, Tensor), (Tensor Value, (Tensor, Tensor) Gradient)> _gradient;
    private readonly (Tensor, Tensor) _start;

    public LstmGradient()
    {
        Objective = DiagonalLstm.Read("lstm_l2_c1024.txt");
        _start = Objective.Start();
        _gradient = Transform.ValueAndGrad<(Tensor, Tensor)>(Objective.Value);
    }

    /// <summary>The data.</summary>
    public DiagonalLstm Objective { get; }

    public override string Unit => "ms";

    public override void Ours() => _gradient(_start);

    public override double[][] Results()
    {
        var (value, (main, extra)) = _gradient(_start);
        return AdBench.Checksums(value.Item(), [.. main.ToArray<double>(), .. extra.ToArray<double>()]);
    }

    public override double Tolerance => 1e-8;

    public override unsafe PeerRow InNative(NativePeer peer)
    {
        var (value, gradient) = (0.0, new double[Objective.Main.Length + Objective.Extra.Length]);
        return new NativeRow(RunNative, () => AdBench.Checksums(value, gradient));
        void RunNative()
        {
            fixed (double* main = Objective.Main, extra = Objective.Extra, state = Objective.State, sequence = Objective.Sequence, to = gradient)
            {
                value = peer.Lstm(Objective.Layers, Objective.Characters, Objective.Bits, main, extra, state, sequence, to);
            }
        }
    }

    /// <summary>The reference's results.</summary>
    public override double[][] Expected() => AdBench.Golden(
        0.66666517955885218, -0.03819500097334208, 0.55043928921686791, 0.094741380114460774, -0.0037328787748428169, 3.1438702499610119e-06,
        -0.00053973282554685106, -0.020022569089598066);
}
