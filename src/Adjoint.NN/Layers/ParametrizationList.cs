namespace Adjoint.NN;

/// <summary>
/// How one parameter is computed: the tensors that are trained instead, and the layers that make the parameter of them, one after the other
/// (<c>torch.nn.utils.parametrize.ParametrizationList</c>).
/// </summary>
internal sealed class ParametrizationList : Module
{
    private readonly List<Layer> _layers = [];
    private readonly WeightNormParametrization? _norm;
    private readonly Tensor? _length;

    /// <summary>A parameter that layers compute from a tensor of its form.</summary>
    public ParametrizationList(Tensor original) => Original = Parameter("original", original);

    /// <summary>A parameter that is a length times a direction.</summary>
    public ParametrizationList(Tensor direction, WeightNormParametrization norm)
    {
        _length = Parameter("original0", norm.Lengths(direction));
        Original = Parameter("original1", direction);
        _norm = Child("0", norm);
    }

    /// <summary>The tensor that the module made; for a length and a direction, the direction.</summary>
    public Tensor Original { get; }

    /// <summary>Whether the parameter is computed of one tensor, which could be the parameter itself.</summary>
    public bool IsOfOne => _norm is null;

    /// <summary>Adds a layer behind the others.</summary>
    public void Add(Layer layer)
    {
        using (Autograd.NoGrad())
        {
            var before = Value();
            var after = layer.Call(before);
            if (after.DType != before.DType)
            {
                throw new DTypeException(
                    $"Registering a parametrization may not change the dtype of the tensor: {before.DType.TorchName} became " +
                    $"{after.DType.TorchName}.");
            }

            if (!after.Shape.Equals(before.Shape))
            {
                throw new ShapeException(
                    $"Registering a parametrization may not change the shape of the tensor: {before.Shape} became {after.Shape}.");
            }
        }

        _layers.Add(Child($"{_layers.Count + (_norm is null ? 0 : 1)}", layer));
    }

    /// <summary>The parameter.</summary>
    public Tensor Value()
    {
        var value = _norm is null ? Original : _norm.Of(_length!, Original);
        foreach (var layer in _layers)
        {
            value = layer.Call(value);
        }

        return value;
    }
}
