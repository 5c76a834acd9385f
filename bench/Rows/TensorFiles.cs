namespace Adjoint.Bench.Rows;

/// <summary>
/// Weights of 100 MB, in 25 tensors, read from files and written to them, beside plain copies of the same file: one that leaves the bytes with the
/// system, and one that waits until they are on the disk, as whatever is saved here does. Files lie in the system's cache.
/// </summary>
[Row("copy-file-100MB", "copy")]
[Row("copy-file-flushed-100MB", "copy-flushed")]
[Row("load-safetensors-100MB", "load-safetensors")]
[Row("map-safetensors-100MB", "map-safetensors")]
[Row("save-safetensors-100MB", "save-safetensors")]
[Row("load-pt-100MB", "load-pt")]
[Row("save-pt-100MB", "save-pt")]
public sealed class TensorFiles : Row
{
    private const int Tensors = 25;
    private const int Count = 1_000_000;

    private readonly string _operation;
    private readonly string _file;
    private readonly string _copy;
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    public TensorFiles(string operation)
    {
        _operation = operation;
        var folder = Directory.CreateTempSubdirectory("adjoint-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        (_file, _copy) = (Path.Combine(folder.FullName, "file"), Path.Combine(folder.FullName, "copy"));
        var elements = Inputs.Uniform(1, Count, -1, 1);
        for (var i = 0; i < Tensors; i++)
        {
            _tensors.Add($"layers.{i}.weight", Inputs.Tensor(elements, DType.Float32, 1000, Count / 1000) + i);
        }

        if (operation.EndsWith("pt", StringComparison.Ordinal))
        {
            TorchFile.Save(_file, _tensors);
        }
        else
        {
            SafeTensors.Save(_file, _tensors);
        }
    }

    public override string Unit => "ms/call";

    public override string? Alone => "The row copy-file-100MB of the same run is what it is compared with.";

    public override void Ours()
    {
        using (new TensorScope())
        {
            Run();
        }
    }

    public override double[][] Results() => [Inputs.Of(Run()["layers.3.weight"][0])];

    public override double[][] Expected() => [Inputs.Of(_tensors["layers.3.weight"][0])];

    /// <summary>The work, and the tensors that there are after it.</summary>
    private IReadOnlyDictionary<string, Tensor> Run()
    {
        switch (_operation)
        {
            case "copy":
                File.Copy(_file, _copy, overwrite: true);
                break;
            case "copy-flushed":
                using (var from = File.OpenRead(_file))
                using (var to = File.Create(_copy))
                {
                    from.CopyTo(to, 1 << 20);
                    to.Flush(flushToDisk: true);
                }

                break;
            case "load-safetensors":
                return SafeTensors.Load(_file);
            case "map-safetensors":
                using (var file = SafeTensors.Open(_file, mapped: true))
                {
                    return file.Names.ToDictionary(name => name, name => file[name]);
                }

            case "save-safetensors":
                SafeTensors.Save(_copy, _tensors);
                break;
            case "load-pt":
                return TorchFile.LoadStateDict(_file);
            default:
                TorchFile.Save(_copy, _tensors);
                break;
        }

        return _tensors;
    }
}
