namespace Adjoint.NN;

/// <summary>
/// Computing a parameter of a module from other tensors, which are trained instead (<c>torch.nn.utils.parametrize</c> and
/// <c>torch.nn.utils.parametrizations</c>). Weights of linear, convolution, bilinear, embedding and recurrent layers can be, and what a module of
/// your own registers with <c>Parametrizable</c>. Names in the state are PyTorch's, such as <c>parametrizations.weight.original0</c>. Make the
/// optimiser afterwards: there are other parameters then.
/// </summary>
/// <example><code>var layer = new Linear(20, 40).WeightNorm();</code></example>
public static class Parametrize
{
    private const string Weight = "weight";

    extension<M>(M module)
        where M : Module
    {
        /// <summary>
        /// Trains the length and the direction of a weight apart (<c>parametrizations.weight_norm</c>): <c>original0</c> are the lengths,
        /// <c>original1</c> is the direction, and the weight is g v / |v|.
        /// </summary>
        /// <param name="name">The parameter.</param>
        /// <param name="dim">The dimension that has a length for each position, negative counts from the end; null for one length of all.</param>
        /// <returns>The module.</returns>
        /// <exception cref="ArgumentException">There is no such parameter, or it is computed already.</exception>
        /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
        public M WeightNorm(string name = Weight, int? dim = 0)
        {
            ThrowIfParametrized(module, name);
            module.Parametrize(name, weight => new ParametrizationList(weight, new WeightNormParametrization(dim)));
            return module;
        }

        /// <summary>
        /// Divides a weight by its largest singular value (<c>parametrizations.spectral_norm</c>), which each reading in training finds better:
        /// <c>original</c> is trained.
        /// </summary>
        /// <param name="name">The parameter.</param>
        /// <param name="nPowerIterations">Steps of the power iteration in each reading.</param>
        /// <param name="eps">The least norm that the iteration divides by.</param>
        /// <param name="dim">The dimension of the outputs; null for 1 in transposed convolutions and 0 in others.</param>
        /// <param name="generator">The source of the first vectors; <see cref="Generator.Default"/> if null.</param>
        /// <returns>The module.</returns>
        /// <exception cref="ArgumentException">There is no such parameter, or there are no steps.</exception>
        /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
        public M SpectralNorm(
            string name = Weight, int nPowerIterations = 1, double eps = 1e-12, int? dim = null, Generator? generator = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            var along = dim ?? (module is ConvTranspose1d or ConvTranspose2d or ConvTranspose3d ? 1 : 0);
            Add(module, name, weight => new SpectralNormParametrization(weight, nPowerIterations, eps, along, generator));
            return module;
        }

        /// <summary>Computes a parameter by a layer of what is trained (<c>register_parametrization</c>); several follow each other.</summary>
        /// <param name="name">The parameter.</param>
        /// <param name="parametrization">Takes what is trained, or what the layer before made, and gives a tensor of the same form.</param>
        /// <returns>The module.</returns>
        /// <exception cref="ArgumentException">There is no such parameter.</exception>
        /// <exception cref="ShapeException">The layer gives another shape.</exception>
        /// <exception cref="DTypeException">The layer gives another dtype.</exception>
        public M RegisterParametrization(string name, Layer parametrization)
        {
            ArgumentNullException.ThrowIfNull(parametrization);
            Add(module, name, _ => parametrization);
            return module;
        }

        /// <summary>Makes a parameter a tensor of its own again (<c>remove_parametrizations</c>).</summary>
        /// <param name="name">The parameter.</param>
        /// <param name="leaveParametrized">Whether it keeps the value that it has, or gets back what was trained.</param>
        /// <returns>The module.</returns>
        /// <exception cref="ArgumentException">It is not computed, or it is to get back what are two tensors.</exception>
        public M RemoveParametrizations(string name = Weight, bool leaveParametrized = true)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(name);
            var list = module.ParametrizationsOf(name)
                ?? throw new ArgumentException($"Module does not have a parametrization on {name}", nameof(name));
            if (!leaveParametrized && !list.IsOfOne)
            {
                throw new ArgumentException(
                    "Cannot leave unparametrized (leave_parametrized=False) a tensor that is parametrized in terms of a sequence of tensors.",
                    nameof(leaveParametrized));
            }

            if (leaveParametrized)
            {
                using (Autograd.NoGrad())
                {
                    list.Original.Copy_(list.Value());
                }
            }

            module.Unparametrize(name);
            return module;
        }

        /// <summary>Whether a parameter is computed of others (<c>is_parametrized</c>).</summary>
        /// <param name="name">The parameter.</param>
        public bool IsParametrized(string name = Weight)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(name);
            return module.ParametrizationsOf(name) is not null;
        }
    }

    private static void ThrowIfParametrized(Module module, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        if (module.ParametrizationsOf(name) is not null)
        {
            throw new ArgumentException(
                $"'{name}' is parametrized already, and a length and a direction can only be of a tensor that is not.", nameof(name));
        }
    }

    private static void Add(Module module, string name, Func<Tensor, Layer> layer)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        if (module.ParametrizationsOf(name) is { } before)
        {
            before.Add(layer(before.Value()));
            return;
        }

        module.Parametrize(name, weight =>
        {
            var list = new ParametrizationList(weight);
            list.Add(layer(weight));
            return list;
        });
    }
}
