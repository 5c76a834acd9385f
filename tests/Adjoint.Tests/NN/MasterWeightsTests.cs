using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Training of parameters of 16 bits, with copies in float32 and without.</summary>
public class MasterWeightsTests
{
    public static TheoryData<string> DTypes => ["bfloat16", "float16"];

    private static DType Of(string name) => name == "float16" ? DType.Float16 : DType.BFloat16;

    /// <summary>
    /// w from 1 by steps of 1e-4 to 0.9: bfloat16 has no number between 1 and 0.99609375, float16 none between 1 and 0.99951, so that w - 1e-4 is w
    /// again.
    /// </summary>
    [Theory]
    [MemberData(nameof(DTypes))]
    public void ATrainingConvergesThatStallsWithoutCopies(string dtype)
    {
        Assert.Equal(1, Trained(masters: false));
        Assert.Equal(0.9, Trained(masters: true), 0.004);

        double Trained(bool masters)
        {
            var w = Tensor.Ones([1], Of(dtype)).RequiresGrad_();
            var optimizer = new SGD([w], lr: 1e-4) { MasterWeights = masters };
            for (var i = 0; i < 1000; i++)
            {
                optimizer.ZeroGrad();
                w.Sum().Backward();
                optimizer.Step();
            }

            return w.Detach().To(DType.Float64).Sum().Item();
        }
    }

    /// <summary>A regression whose right weights are far below the gaps of bfloat16 around them.</summary>
    [Fact]
    public void AnAdamWOfBFloat16ComesAsNearAsItsDTypeCan()
    {
        var generator = new Generator(1);
        var x = Tensor.Randn([64, 8], DType.Float32, generator);
        var right = Tensor.Randn([8, 1], DType.Float32, generator);
        var y = x.MatMul(right);
        var (with, without) = (Loss(true), Loss(false));
        Assert.True(with < 2e-3, $"{with}");
        Assert.True(without > 4 * with, $"{without} and {with}");

        double Loss(bool masters)
        {
            var model = new Linear(8, 1, bias: false, generator: new Generator(2)).To(DType.BFloat16);
            var optimizer = new AdamW(model.Parameters(), lr: 0.003, weightDecay: 0) { MasterWeights = masters };
            for (var i = 0; i < 1500; i++)
            {
                optimizer.ZeroGrad();
                (model.Forward(x.To(DType.BFloat16)).To(DType.Float32) - y).Square().Mean().Backward();
                optimizer.Step();
            }

            return (x.MatMul(model.Weight.Detach().To(DType.Float32).T) - y).Square().Mean().Item();
        }
    }

    /// <summary>The copy goes the way that a float32 parameter with the same gradients goes.</summary>
    [Fact]
    public void StepsAreThoseOfFloat32()
    {
        var start = Tensor.FromArray([0.5f, -1.25f, 3]);
        var w = start.To(DType.BFloat16).RequiresGrad_();
        var wide = start.Clone().RequiresGrad_();
        var (optimizer, other) = (new Adam([w], lr: 1e-3), new Adam([wide], lr: 1e-3));
        for (var i = 1; i <= 5; i++)
        {
            w.Grad = Tensor.FromArray([0.25f * i, -0.5f, 1]).To(DType.BFloat16);
            wide.Grad = w.Grad.To(DType.Float32);
            optimizer.Step();
            other.Step();
        }

        var state = optimizer.StateDict();
        var own = (OrderedDictionary<string, object?>)((OrderedDictionary<object, object?>)state["state"]!)[0L]!;
        Assert.Equal(wide.Detach().ToArray<float>(), ((Tensor)own["master"]!).ToArray<float>());
        Assert.Equal(DType.Float32, ((Tensor)own["exp_avg"]!).DType);
        Assert.Equal(wide.Detach().To(DType.BFloat16).ToArray<double>(), w.Detach().ToArray<double>());
    }

    [Fact]
    public void AResumedTrainingGoesOnWithTheCopies()
    {
        var (whole, wholeOptimizer) = Make();
        Run(wholeOptimizer, whole, 7);

        var (first, firstOptimizer) = Make();
        Run(firstOptimizer, first, 4);
        var (second, secondOptimizer) = Make();
        second.Detach().Copy_(first.Detach());
        secondOptimizer.LoadStateDict(firstOptimizer.StateDict());
        Run(secondOptimizer, second, 3);
        Assert.Equal(Copy(wholeOptimizer), Copy(secondOptimizer));

        static (Tensor W, Optimizer Optimizer) Make()
        {
            var w = Tensor.FromArray([1f, 2, -3]).To(DType.BFloat16).RequiresGrad_();
            return (w, new AdamW([w], lr: 1e-3));
        }

        static void Run(Optimizer optimizer, Tensor w, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                optimizer.ZeroGrad();
                w.Square().Sum().Backward();
                optimizer.Step();
            }
        }

        static float[] Copy(Optimizer optimizer) =>
            ((Tensor)((OrderedDictionary<string, object?>)((OrderedDictionary<object, object?>)optimizer.StateDict()["state"]!)[0L]!)["master"]!)
            .ToArray<float>();
    }

    [Fact]
    public void WhatIsWrittenToTheParameterCounts()
    {
        var w = Tensor.FromArray([1f, 2]).To(DType.BFloat16).RequiresGrad_();
        var optimizer = new SGD([w], lr: 1e-4);
        Step();
        w.Detach()[0] = 5;
        Step();
        Assert.Equal([5f, 2], w.Detach().To(DType.Float32).ToArray<float>());
        for (var i = 0; i < 198; i++)
        {
            Step();
        }

        // The second element lost nothing by the writing: 200 steps of 1e-4 from 2 are 1.98, next to 253 / 128.
        Assert.Equal([4.96875f, 1.9765625f], w.Detach().To(DType.Float32).ToArray<float>());

        void Step()
        {
            w.Grad = Tensor.OnesLike(w);
            optimizer.Step();
        }
    }

    [Fact]
    public void MeansOfBFloat16AreOfFloat32()
    {
        var model = new Linear(2, 1, bias: false).To(DType.BFloat16);
        var averaged = new AveragedModel(model, decay: 0.999);
        model.Weight.Detach().Copy_(Tensor.FromArray([1f, 1]));
        averaged.UpdateParameters();
        model.Weight.Detach().Copy_(Tensor.FromArray([2f, 2]));
        for (var i = 0; i < 1000; i++)
        {
            averaged.UpdateParameters();
        }

        // 2 - 0.999^1000
        Assert.Equal(2 - Math.Pow(0.999, 1000), averaged.NamedMeans.Single().Value.ToArray<float>()[0], 1e-3);
        using (averaged.Apply())
        {
            Assert.Equal(1.6328125f, model.Weight.Detach().To(DType.Float32).ToArray<float>()[0]);
        }

        Assert.Equal(2, model.Weight.Detach().To(DType.Float32).ToArray<float>()[0]);
    }
}
