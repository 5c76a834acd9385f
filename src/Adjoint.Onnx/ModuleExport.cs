using Adjoint.NN;

namespace Adjoint.Onnx;

/// <summary>Modules written as models.</summary>
public static class ModuleExport
{
    extension(Layer layer)
    {
        /// <summary>
        /// Writes the layer, as it is in evaluation, to a file; see the other form.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="example">An input.</param>
        /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
        /// <exception cref="OnnxException">An operator has no form in ONNX, or the layer reads values.</exception>
        /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
        public void ExportOnnx(string path, Tensor example, OnnxOptions? options = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            layer.ToOnnx(example, options).Save(path);
        }

        /// <summary>The layer, as it is in evaluation, as a model; see the other form.</summary>
        /// <param name="example">An input.</param>
        /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
        /// <exception cref="OnnxException">An operator has no form in ONNX, or the layer reads values.</exception>
        public OnnxModel ToOnnx(Tensor example, OnnxOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(layer);
            ArgumentNullException.ThrowIfNull(example);
            return layer.ToOnnx(inputs => [layer.Forward(inputs[0])], [example], options);
        }
    }

    extension(Module module)
    {
        /// <summary>Writes a function of the module to a file; see <c>ToOnnx</c>.</summary>
        /// <param name="path">The file.</param>
        /// <param name="function">Calls the module.</param>
        /// <param name="example">The inputs.</param>
        /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
        /// <exception cref="OnnxException">An operator has no form in ONNX, or the module reads values.</exception>
        /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
        public void ExportOnnx(
            string path,
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function,
            IReadOnlyList<Tensor> example,
            OnnxOptions? options = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            module.ToOnnx(function, example, options).Save(path);
        }

        /// <summary>
        /// A function of the module as a model. The module is in evaluation meanwhile (<c>Eval()</c>) and as it was afterwards. Parameters and
        /// buffers become initializers under their names.
        /// </summary>
        /// <param name="function">Calls the module, for one whose <c>Forward</c> takes several tensors or gives several.</param>
        /// <param name="example">The inputs.</param>
        /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
        /// <exception cref="OnnxException">An operator has no form in ONNX, or the module reads values.</exception>
        public OnnxModel ToOnnx(
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> example, OnnxOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(function);
            ArgumentNullException.ThrowIfNull(example);
            var parameters = module.NamedParameters().ToList();
            var modes = module.NamedModules().Select(named => (named.Module, named.Module.Training)).ToList();
            module.Eval();
            try
            {
                return OnnxModel.Write(
                    inputs => module.FunctionalCall(
                        parameters.Select((parameter, i) => (parameter.Name, Value: inputs[example.Count + i]))
                            .ToDictionary(pair => pair.Name, pair => pair.Value),
                        () => function([.. inputs.Take(example.Count)])),
                    example,
                    parameters,
                    [.. module.NamedBuffers()],
                    options ?? new OnnxOptions(),
                    out _);
            }
            finally
            {
                // Parents come before their children, whose own mode stays.
                modes.ForEach(mode => mode.Module.Train(mode.Training));
            }
        }
    }
}
