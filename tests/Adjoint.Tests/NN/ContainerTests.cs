using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Containers by name; PyTorch's documentation says how they name their parts.</summary>
public class ContainerTests
{
    [Fact]
    public void PartsOfContainersCount()
    {
        var modules = new ModuleDict<Linear> { ["a"] = new(2, 3), ["b"] = new(3, 1, bias: false) };
        Assert.Equal(["a.weight", "a.bias", "b.weight"], modules.NamedParameters().Select(p => p.Name));
        Assert.Equal(["a", "b"], modules.Keys);
        var list = new ParameterList(Tensor.Ones(2), Tensor.Ones([3, 4]));
        Assert.Equal(["0", "1"], list.NamedParameters().Select(p => p.Name));
        Assert.All(list, parameter => Assert.True(parameter.RequiresGrad));
        var dict = new ParameterDict { ["left"] = Tensor.Ones(2) };
        Assert.Same(dict["left"], dict.Parameters().Single());
        Assert.Throws<ArgumentException>(() => dict["left"] = Tensor.Ones(2));
    }

    /// <summary>Copies have the layer's values at first, and each its own afterwards.</summary>
    [Fact]
    public void AnEncoderIsMadeOfCopies()
    {
        var layer = new TransformerEncoderLayer(4, 2, 8, dropout: 0, generator: new Generator(1));
        var encoder = new TransformerEncoder(layer, 2);
        var x = Tensor.Randn([3, 2, 4], null, generator: new Generator(2));
        Assert.True(encoder.Forward(x).AllClose(layer.Forward(layer.Forward(x))));
        Assert.Equal(2 * layer.Parameters().Count(), encoder.Parameters().Count());
        Assert.Empty(encoder.Parameters().Intersect(layer.Parameters()));
    }
}
