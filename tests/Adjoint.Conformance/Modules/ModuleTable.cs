using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Modules;

/// <summary>PyTorch's names of modules with how they are made here from the same arguments, and how modules are called.</summary>
internal sealed class ModuleTable
{
    private readonly Dictionary<string, Func<Call, Generator, Module>> _makers = [];

    public ModuleTable()
    {
        Activations.Add(_makers);
        Images.Add(_makers);
        Others.Add(_makers);
        Sequences.Add(_makers);
        LossModules.Add(_makers);
    }

    /// <summary>A module with parameters of float64, drawn from the generator.</summary>
    /// <exception cref="MissingException">The library does not have it.</exception>
    public Module Make(string name, Call call, Generator generator) =>
        _makers.TryGetValue(name, out var make) ? make(call, generator) : throw new MissingException($"module {name}");

    /// <summary>Calls a module; what it gives in pairs stands flat.</summary>
    public Tensor[] Forward(Module module, object?[] inputs)
    {
        Tensor At(int place) => Call.AsTensor(inputs[place]);
        Tensor? Maybe(int place) => place < inputs.Length && inputs[place] is { } value ? Call.AsTensor(value) : null;
        return module switch
        {
            EmbeddingBag bag => [bag.Forward(At(0), Maybe(1), Maybe(2))],
            Layer layer => [layer.Forward(At(0))],
            Bilinear bilinear => [bilinear.Forward(At(0), At(1))],
            MaxUnpool1d unpool => [unpool.Forward(At(0), At(1))],
            MaxUnpool2d unpool => [unpool.Forward(At(0), At(1))],
            MaxUnpool3d unpool => [unpool.Forward(At(0), At(1))],
            CosineSimilarity similarity => [similarity.Forward(At(0), At(1))],
            PairwiseDistance distance => [distance.Forward(At(0), At(1))],
            _ => Sequences.Forward(module, inputs) ?? LossModules.Forward(module, At) ?? throw new MissingException($"a call of {module}"),
        };
    }
}
