using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.AdamWStep;

namespace TorchSharpPeer.Rows;

/// <summary>The step of TorchSharp's AdamW, one scope for a step.</summary>
public sealed class AdamWStep : PeerRow
{
    private readonly Ours _row;
    private readonly Parameter _parameter;
    private readonly optim.Optimizer _adam;

    public AdamWStep(Ours row)
    {
        _row = row;
        (_parameter, _adam) = Make(row);
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        _adam.step();
    }

    public override double[][] Results()
    {
        var (parameter, adam) = Make(_row);
        for (var i = 0; i < Ours.ComparedSteps; i++)
        {
            using var scope = NewDisposeScope();
            adam.step();
        }

        var result = Numbers.Of(parameter);
        adam.Dispose();
        parameter.Dispose();
        return [result];
    }

    protected override void Dispose(bool disposing)
    {
        _adam.Dispose();
        _parameter.Dispose();
        base.Dispose(disposing);
    }

    private static (Parameter Parameter, optim.Optimizer Adam) Make(Ours row)
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(Numbers.Tensor(row.Start, Adjoint.DType.Float32, Ours.Count));
        parameter.MoveToOuterDisposeScope();

        // The gradient of (p * g).sum() is g.
        (parameter * Numbers.Tensor(row.Gradient, Adjoint.DType.Float32, Ours.Count)).sum().backward();
        return (parameter, optim.AdamW([parameter]));
    }
}
