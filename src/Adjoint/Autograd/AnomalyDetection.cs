using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Watching;

namespace Adjoint.Engine;

/// <summary>
/// Anomaly mode: notes where operators are called, says where the one was that fails in a backward pass, and refuses gradients that are not numbers.
/// </summary>
/// <param name="on">Whether it detects, or hides the anomaly mode around it.</param>
/// <param name="checkNan">Whether gradients are looked at.</param>
internal sealed class AnomalyDetection(bool on, bool checkNan) : OriginTracer
{
    /// <summary>The innermost of this flow; null if there is none.</summary>
    public static AnomalyDetection? Current
    {
        get
        {
            var observer = Observation.IsOn ? Observation.Current : null;
            while (observer is not (null or AnomalyDetection))
            {
                observer = observer.Outer;
            }

            return (AnomalyDetection?)observer;
        }
    }

    public bool IsDetecting => on;

    public bool ChecksNan => on && checkNan;

    public override void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        if (on && Current == this)
        {
            base.Recorded(node, output, inputs);
        }
    }

    public override void Changed(Tensor x, string operation, bool isRecorded)
    {
        if (on && Current == this)
        {
            base.Changed(x, operation, isRecorded);
        }
    }

    public override void Failed(Node node)
    {
        if (on && Current == this)
        {
            Autograd.Warn(Origins.Describe(node));
        }
    }

    public override void Pulled(Node node, Tensor?[] gradients, Tensor?[] handed)
    {
        if (!ChecksNan || Current != this)
        {
            return;
        }

        for (var i = 0; i < handed.Length; i++)
        {
            if (Traced.Held(handed[i]) is { } gradient && ValueRange.Of(gradient).NaNs > 0)
            {
                Failed(node);
                var origin = Origins.Of(node);
                var call = node.Operation;
                throw new AutogradException(
                    $"Function '{node.Name}' returned nan values in its {i}th output. " +
                    (origin is null
                        ? "Nobody knows where it was recorded: open the scope of Autograd.DetectAnomaly around the forward pass too."
                        : $"{call} was called at {origin}.") +
                    " Diagnose.FindNonFinite names the first operation, forward or backward, that made a value that is not finite.");
            }
        }
    }
}
