using Adjoint.NN;
using Adjoint.Tests.Files;

namespace Adjoint.Tests.NN;

/// <summary>A module's state by name. Names, order and messages are PyTorch's (<c>torch.nn.Module.state_dict</c>, <c>load_state_dict</c>).</summary>
public class StateDictTests
{
    [Fact]
    public void TheStateHasPyTorchsNames()
    {
        var state = Model().StateDict();
        Assert.Equal(
            [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
                "2.weight", "2.bias",
            ],
            state.Keys);
        Assert.All(state.Values, value => Assert.False(value.RequiresGrad));
    }

    [Theory]
    [InlineData("a.safetensors")]
    [InlineData("a.pt")]
    [InlineData("a.npz")]
    public void AFileGivesTheModelBack(string name)
    {
        using var folder = new TensorFolder();
        var (model, other) = (Model(), Model());
        _ = model.Forward(Tensor.Rand(5, 3));
        model.Save(folder[name]);
        Assert.True(other.Load(folder[name]).IsComplete);
        var x = Tensor.Rand(5, 3);
        Assert.True(model.Eval().Forward(x).Equal(other.Eval().Forward(x)));
        Assert.All(other.Parameters(), parameter => Assert.True(parameter is { IsLeaf: true, RequiresGrad: true }));
    }

    [Fact]
    public void NamesAndShapesThatDoNotFitAreAllListed()
    {
        var model = new Sequential(new Linear(3, 2), new Linear(2, 1));
        var before = model.Parameters().First().Detach().Clone();
        var state = new Dictionary<string, Tensor>
        {
            ["0.weight"] = Tensor.Ones(2, 3), ["0.bias"] = Tensor.Ones(3), ["1.weight"] = Tensor.Ones(1, 2), ["more"] = Tensor.Ones(1),
        };
        Assert.Equal(
            "Error(s) in loading state_dict for Sequential:\n\tMissing key(s) in state_dict: \"1.bias\". " +
            "\n\tUnexpected key(s) in state_dict: " +
            "\"more\". \n\tsize mismatch for 0.bias: copying a param with shape torch.Size([3]) " +
            "from checkpoint, the shape in current model is torch.Size([2]).",
            Assert.Throws<TensorException>(() => model.LoadStateDict(state)).Message);
        Assert.True(before.Equal(model.Parameters().First().Detach()));
        state.Remove("0.bias");
        var report = model.LoadStateDict(state, strict: false);
        Assert.Equal(["0.bias", "1.bias"], report.MissingKeys);
        Assert.Equal(["more"], report.UnexpectedKeys);
        Assert.Equal(6, model.Parameters().First().Sum().Item());
        Assert.Equal("<All keys matched successfully>", model.LoadStateDict(model.StateDict()).ToString());
    }

    [Fact]
    public void NamesCanBeChangedOnTheWay()
    {
        var model = new Linear(2, 1);
        model.LoadStateDict(
            new Dictionary<string, Tensor> { ["net.weight"] = Tensor.Ones(1, 2), ["net.bias"] = Tensor.Ones([1], DType.Float64) },
            rename: name => name["net.".Length..]);
        Assert.Equal(3, model.Forward(Tensor.Ones(2)).Item());
    }

    [Fact]
    public void AnEndingSaysWhatKindOfFileItIs() =>
        Assert.Contains(".safetensors", Assert.Throws<ArgumentException>(() => Model().Save("model.txt")).Message, StringComparison.Ordinal);

    private static Sequential Model() => new(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 2));
}
