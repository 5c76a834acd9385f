namespace Adjoint.NN;

/// <summary>Modules as functions of their parameters, which is what transforms need (<c>torch.func.functional_call</c>).</summary>
public static class FunctionalCallMethod
{
    extension(Module module)
    {
        /// <summary>The values of all parameters by name, without history: the point to differentiate at.</summary>
        public IReadOnlyDictionary<string, Tensor> ParameterValues()
        {
            ArgumentNullException.ThrowIfNull(module);
            return module.NamedParameters().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Detach());
        }

        /// <summary>
        /// Runs a function of the module in which parameters and buffers have other values. No other thread may use the module in the meantime. Where
        /// the function changes a buffer that is named, such as running statistics, the given tensor changes.
        /// </summary>
        /// <param name="parameters">
        /// Values by name, of the shapes and dtypes of the parameters and buffers; one that is not named keeps its own.
        /// </param>
        /// <param name="function">Calls the module.</param>
        /// <exception cref="ArgumentException">There is no parameter or buffer of a name.</exception>
        /// <exception cref="ShapeException">A value has another shape.</exception>
        /// <exception cref="DTypeException">A value has another dtype.</exception>
        /// <example>
        /// <code>
        /// var gradients = Transform.Grad((IReadOnlyDictionary&lt;string, Tensor&gt; p) => loss(model.FunctionalCall(p, () => model.Forward(x))))(
        ///     model.ParameterValues());
        /// </code>
        /// </example>
        public Y FunctionalCall<Y>(IReadOnlyDictionary<string, Tensor> parameters, Func<Y> function)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(parameters);
            ArgumentNullException.ThrowIfNull(function);
            var own = module.NamedParameters().Concat(module.NamedBuffers()).ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
            var tensors = new List<Tensor>();
            foreach (var (name, value) in parameters)
            {
                if (!own.TryGetValue(name, out var parameter))
                {
                    throw new ArgumentException(
                        $"Unexpected key(s) \"{name}\": the module has parameters and buffers {string.Join(", ", own.Keys)}.", nameof(parameters));
                }

                ArgumentNullException.ThrowIfNull(value, nameof(parameters));
                if (!parameter.Shape.Equals(value.Shape))
                {
                    throw new ShapeException($"size mismatch for {name}: the module's is {parameter.Shape}, the value's is {value.Shape}.");
                }

                if (parameter.DType != value.DType)
                {
                    throw new DTypeException($"{name}: the module's dtype is {parameter.DType}, the value's is {value.DType}.");
                }

                tensors.Add(parameter);
            }

            return Transform.Substitute(tensors, [.. parameters.Values], function);
        }
    }

    extension(Layer layer)
    {
        /// <summary>The layer's result for other values of its parameters; see the other form.</summary>
        /// <param name="parameters">Values by name.</param>
        /// <param name="x">The input.</param>
        public Tensor FunctionalCall(IReadOnlyDictionary<string, Tensor> parameters, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(layer);
            ArgumentNullException.ThrowIfNull(x);
            return layer.FunctionalCall(parameters, () => layer.Forward(x));
        }

        /// <summary>
        /// The gradients of a loss by all parameters for each sample of a batch, in one batched pass:
        /// each has the samples in front of the parameter's dimensions.
        /// </summary>
        /// <param name="loss">The loss of outputs and targets; it sees a batch of one.</param>
        /// <param name="x">Inputs, samples first.</param>
        /// <param name="target">Targets, samples first.</param>
        /// <param name="chunkSize">Run at most this many samples at once; null for all.</param>
        /// <param name="randomness">What random operators such as dropout do: they are refused,
        /// or draw the same for all samples, or for each its own.</param>
        public IReadOnlyDictionary<string, Tensor> PerSampleGradients(
            Func<Tensor, Tensor, Tensor> loss, Tensor x, Tensor target, int? chunkSize = null, Randomness randomness = Randomness.Error)
        {
            ArgumentNullException.ThrowIfNull(layer);
            ArgumentNullException.ThrowIfNull(loss);
            ArgumentNullException.ThrowIfNull(x);
            ArgumentNullException.ThrowIfNull(target);
            var values = layer.ParameterValues();
            return Transform.Vmap(
                (Tensor sample, Tensor label) => Transform.Grad((IReadOnlyDictionary<string, Tensor> parameters) =>
                    loss(layer.FunctionalCall(parameters, sample.Unsqueeze(0)), label.Unsqueeze(0)))(values),
                randomness: randomness,
                chunkSize: chunkSize)(x, target);
        }
    }
}
