using System.Diagnostics;
using Adjoint.Memory;
using Adjoint.NN;

namespace Adjoint.Allocation;

/// <summary>
/// Training without any <c>Dispose</c> holds a flat footprint: what is live, what the pool keeps and what the process holds do not grow between an
/// early and a late step. The margins are far below what a leak of a single tensor for each step would add.
/// </summary>
[Collection(ProcessTests.Name)]
public class FootprintTests
{
    private const int Early = 2_000;
    private const int Late = 10_000;

    [Fact]
    public void TenThousandStepsOfTraining()
    {
        const int batch = 64, inputs = 16, hidden = 128, classes = 4; // activations are 32 KB: blocks of the pool
        Tensor.ManualSeed(1);
        var data = Tensor.Randn(batch, inputs);
        var targets = Tensor.FromArray([.. Enumerable.Range(0, batch).Select(i => (long)(i % classes))]);
        Tensor[] parameters =
        [
            (Tensor.Randn(inputs, hidden) * 0.2).Detach().RequiresGrad_(), Tensor.Zeros(hidden).RequiresGrad_(),
            (Tensor.Randn(hidden, classes) * 0.1).Detach().RequiresGrad_(), Tensor.Zeros(classes).RequiresGrad_(),
        ];
        var references = new List<WeakReference>();
        var total = 0.0;
        double first = 0, last = 0;
        Footprint early = default;
        for (var step = 1; step <= Late; step++)
        {
            last = Step(data, targets, parameters, step % 100 == 0 ? references : null);
            total += last;
            first = step == 1 ? last : first;
            if (step == Early)
            {
                early = Footprint.Now();
            }
        }

        var late = Footprint.Now();
        Assert.True(last < first / 2, $"The loss went from {first} to {last}: this is no training.");
        Assert.True(double.IsFinite(total));

        // One kept tensor of 32 KB for each step would be 262 MB, one kept node of 100 bytes 800 KB.
        Assert.InRange(late.Managed - early.Managed, long.MinValue, 256 << 10);
        Assert.InRange(late.Live - early.Live, long.MinValue, 1 << 20);
        Assert.InRange(late.Pool - early.Pool, long.MinValue, 32 << 20);
        Assert.InRange(late.Resident - early.Resident, long.MinValue, 64 << 20);
        Assert.All(references, reference => Assert.False(reference.IsAlive, $"A {reference.Target?.GetType().Name} of an old step is still alive."));
        GC.KeepAlive(parameters);
    }

    /// <summary>Convolution, pooling and Adam: kernels that work in buffers of their own must not gather them.</summary>
    [Fact]
    public void TenThousandStepsOfASmallConvolutionalNetwork()
    {
        Tensor.ManualSeed(1);
        Sequential model = [new Conv2d(1, 4, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(4 * 7 * 7, 4)];
        var data = Tensor.Randn(8, 1, 16, 16); // 25 KB after the convolution: blocks of the pool
        var targets = Tensor.FromArray([.. Enumerable.Range(0, 8).Select(i => (long)(i % 4))]);
        var criterion = new CrossEntropyLoss();
        var adam = new Adam(model.Parameters());
        double first = 0, last = 0;
        Footprint early = default;
        for (var step = 1; step <= Late; step++)
        {
            adam.ZeroGrad();
            var loss = criterion.Forward(model.Forward(data), targets);
            loss.Backward();
            adam.Step();
            last = loss.Item();
            first = step == 1 ? last : first;
            if (step == Early)
            {
                early = Footprint.Now();
            }
        }

        var late = Footprint.Now();
        Assert.True(last < first / 2, $"The loss went from {first} to {last}: this is no training.");
        Assert.InRange(late.Managed - early.Managed, long.MinValue, 256 << 10);
        Assert.InRange(late.Live - early.Live, long.MinValue, 1 << 20);
        Assert.InRange(late.Pool - early.Pool, long.MinValue, 32 << 20);
        Assert.InRange(late.Resident - early.Resident, long.MinValue, 64 << 20);
    }

    /// <summary>Graphs over graphs: second derivatives at every step.</summary>
    [Fact]
    public void AThousandStepsWithSecondDerivatives()
    {
        var w = Tensor.Full([5000], 0.5, DType.Float64).RequiresGrad_();
        Footprint early = default;
        for (var step = 1; step <= 1000; step++)
        {
            var loss = w.Tanh().Square().Sum();
            var gradient = Autograd.Grad(loss, w, createGraph: true);
            (loss + (0.01 * gradient.Square().Sum())).Backward();
            using (Autograd.NoGrad())
            {
                w.Sub_(0.001 * w.Grad!);
            }

            w.ZeroGrad();
            if (step == 200)
            {
                early = Footprint.Now();
            }
        }

        var late = Footprint.Now();
        Assert.InRange(late.Managed - early.Managed, long.MinValue, 256 << 10);
        Assert.InRange(late.Live - early.Live, long.MinValue, 1 << 20);
        Assert.InRange(late.Resident - early.Resident, long.MinValue, 64 << 20);
    }

    private static double Step(Tensor data, Tensor targets, Tensor[] parameters, List<WeakReference>? references)
    {
        var h = (data.Mm(parameters[0]) + parameters[1]).Relu();
        var loss = (h.Mm(parameters[2]) + parameters[3]).CrossEntropy(targets);
        loss.Backward();
        references?.AddRange([new WeakReference(h), new WeakReference(loss.GradFn), new WeakReference(parameters[0].Grad)]);
        using (Autograd.NoGrad())
        {
            foreach (var parameter in parameters)
            {
                parameter.Sub_(0.05 * parameter.Grad!);
                parameter.ZeroGrad();
            }
        }

        return loss.Item();
    }

    /// <summary>Bytes after a full collection: managed objects, blocks in use, blocks in use or kept, and the process's resident set.</summary>
    private readonly record struct Footprint(long Managed, long Live, long Pool, long Resident)
    {
        public static Footprint Now()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            using var process = Process.GetCurrentProcess();
            return new Footprint(
                GC.GetTotalMemory(forceFullCollection: true),
                BlockPool.LiveBytes,
                BlockPool.LiveBytes + BlockPool.FreeBytes,
                process.WorkingSet64);
        }
    }
}
