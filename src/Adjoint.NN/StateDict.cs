using System.Text;

namespace Adjoint.NN;

/// <summary>What became of the names of a state dictionary.</summary>
/// <param name="MissingKeys">Names of the module that the dictionary does not have.</param>
/// <param name="UnexpectedKeys">Names of the dictionary that the module does not have.</param>
/// <param name="Mismatches">Where shapes differ, in PyTorch's words.</param>
public sealed record LoadReport(IReadOnlyList<string> MissingKeys, IReadOnlyList<string> UnexpectedKeys, IReadOnlyList<string> Mismatches)
{
    /// <summary>Names of the module that the dictionary does not have.</summary>
    public IReadOnlyList<string> MissingKeys { get; init; } = MissingKeys ?? throw new ArgumentNullException(nameof(MissingKeys));

    /// <summary>Names of the dictionary that the module does not have.</summary>
    public IReadOnlyList<string> UnexpectedKeys { get; init; } = UnexpectedKeys ?? throw new ArgumentNullException(nameof(UnexpectedKeys));

    /// <summary>Where shapes differ, in PyTorch's words.</summary>
    public IReadOnlyList<string> Mismatches { get; init; } = Mismatches ?? throw new ArgumentNullException(nameof(Mismatches));

    /// <summary>Whether every name was there, and no other.</summary>
    public bool IsComplete => MissingKeys.Count + UnexpectedKeys.Count + Mismatches.Count == 0;

    /// <summary>As PyTorch prints it.</summary>
    public override string ToString()
    {
        if (IsComplete)
        {
            return "<All keys matched successfully>";
        }

        var text = new StringBuilder();
        List("Missing key(s) in state_dict", MissingKeys);
        List("Unexpected key(s) in state_dict", UnexpectedKeys);
        foreach (var mismatch in Mismatches)
        {
            text.Append("\n\t").Append(mismatch);
        }

        return text.ToString();

        void List(string title, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                text.Append("\n\t").Append(title).Append(": ").AppendJoin(", ", names.Select(name => $"\"{name}\"")).Append(". ");
            }
        }
    }
}

/// <content>A module's state by name, into files and out of them.</content>
public abstract partial class Module
{
    /// <summary>
    /// All parameters and buffers by PyTorch's names, such as <c>0.weight</c> (<c>state_dict</c>). The tensors share the module's memory and have no
    /// history; one that two layers share is there under both names.
    /// </summary>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in NamedState())
        {
            state.Add(name, value.Detach());
        }

        return state;
    }

    /// <summary>
    /// Copies tensors by name into the parameters and buffers, converted to their dtypes (<c>load_state_dict</c>). Nothing is copied where something
    /// is
    /// wrong.
    /// </summary>
    /// <param name="state">Names and tensors.</param>
    /// <param name="strict">Whether a name too few or too many is an error. A shape that differs always is.</param>
    /// <param name="rename">Makes the module's name of one in the dictionary.</param>
    /// <returns>Which names were missing or unexpected.</returns>
    /// <exception cref="TensorException">Names are missing or unexpected, or shapes differ; all are listed.</exception>
    /// <exception cref="ArgumentException">Two tensors have one name, perhaps after renaming.</exception>
    public LoadReport LoadStateDict(IEnumerable<KeyValuePair<string, Tensor>> state, bool strict = true, Func<string, string>? rename = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = NamedState().ToList();
        var given = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var unexpected = new List<string>();
        var names = own.Select(pair => pair.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in state)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(state));
            var renamed = rename is null ? name : rename(name)
                ?? throw new ArgumentException($"'{name}' gets no name. Leave it as it is, and load without strict.", nameof(rename));
            if (!names.Contains(renamed))
            {
                unexpected.Add(renamed);
            }

            if (!given.TryAdd(renamed, value))
            {
                throw new ArgumentException($"Two tensors have the name '{renamed}'.", rename is null ? nameof(state) : nameof(rename));
            }
        }

        var mismatches = own.Where(pair => given.TryGetValue(pair.Name, out var value) && !value.Shape.Equals(pair.Value.Shape))
            .Select(pair =>
                $"size mismatch for {pair.Name}: copying a param with shape {given[pair.Name].Shape} from checkpoint, the shape in current " +
                $"model is " +
                $"{pair.Value.Shape}.")
            .ToList();
        var report = new LoadReport([.. own.Select(pair => pair.Name).Where(name => !given.ContainsKey(name))], unexpected, mismatches);
        if (mismatches.Count > 0 || (strict && !report.IsComplete))
        {
            throw new TensorException($"Error(s) in loading state_dict for {PrintedName}:{report}");
        }

        Autograd.NoGrad(() =>
        {
            foreach (var (name, value) in own)
            {
                if (given.TryGetValue(name, out var tensor))
                {
                    value.Copy_(tensor);
                }
            }
        });
        return report;
    }

    /// <summary>
    /// Writes the state to a file: <c>.safetensors</c> (in parts if it is <c>.safetensors.index.json</c>), <c>.pt</c> or <c>.pth</c> for
    /// <c>torch.load</c>, or <c>.npz</c> for NumPy. It is written beside the old file and renamed over it when all is on the disk.
    /// </summary>
    /// <param name="path">The file; its ending says of which kind.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void Save(string path, IProgress<double>? progress = null)
    {
        switch (Ending(path))
        {
            case ".safetensors" when path.EndsWith(".index.json", StringComparison.Ordinal):
                SafeTensors.SaveSharded(path, StateDict(), progress: progress);
                break;
            case ".safetensors":
                SafeTensors.Save(path, StateDict(), progress: progress);
                break;
            case ".npz":
                Npz.Save(path, StateDict(), progress: progress);
                break;
            default:
                TorchFile.Save(path, StateDict(), progress);
                break;
        }
    }

    /// <summary>Reads a file that <see cref="Save"/> or PyTorch wrote; see <see cref="LoadStateDict"/>.</summary>
    /// <param name="path">The file; its ending says of which kind.</param>
    /// <param name="strict">Whether a name too few or too many is an error.</param>
    /// <param name="rename">Makes the module's name of one in the file.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <returns>Which names were missing or unexpected.</returns>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="TensorException">Names are missing or unexpected, or shapes differ.</exception>
    /// <exception cref="TensorFileException">The file is not whole, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public LoadReport Load(
        string path, bool strict = true, Func<string, string>? rename = null, IProgress<double>? progress = null) => LoadStateDict(
        Ending(path) switch
        {
            ".safetensors" => SafeTensors.Load(path, progress),
            ".npz" => Npz.Load(path, progress),
            _ => TorchFile.LoadStateDict(path),
        },
        strict,
        rename);

    private static string Ending(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path.EndsWith(".safetensors.index.json", StringComparison.Ordinal) ? ".safetensors"
            : Path.GetExtension(path) is ".safetensors" or ".npz" or ".pt" or ".pth" or ".bin" ? Path.GetExtension(path)
            : throw new ArgumentException(
                $"'{Path.GetFileName(path)}' has none of the endings .safetensors, .pt, .pth and .npz, which say what kind of file it " +
                $"is.", nameof(path));
    }

    /// <summary>
    /// Parameters and buffers of this module, then those of its children, as PyTorch lists them: what is shared is there for each name.
    /// </summary>
    private IEnumerable<(string Name, Tensor Value)> NamedState()
    {
        var waiting = new Stack<(string Name, Module Module)>();
        waiting.Push((string.Empty, this));
        while (waiting.TryPop(out var next))
        {
            foreach (var (name, value) in next.Module._parameters.Concat(next.Module._buffers))
            {
                yield return (Joined(next.Name, name), value);
            }

            for (var i = next.Module._children.Count - 1; i >= 0; i--)
            {
                var (name, child) = next.Module._children[i];
                waiting.Push((Joined(next.Name, name), child));
            }
        }
    }
}
