namespace Adjoint.Fuzz.Checks;

/// <summary>The bytes of some memories before a call, margins around views included.</summary>
internal sealed class MemoryImage
{
    private readonly List<(Tensor Root, byte[] Bytes)> _images = [];

    public MemoryImage(IEnumerable<Tensor> roots)
    {
        foreach (var root in roots)
        {
            if (Life.HasMemory(root))
            {
                _images.Add((root, root.Storage.AsSpan<byte>().ToArray()));
            }
        }
    }

    /// <summary>What has changed outside of the tensors that may be written to; null if nothing has.</summary>
    public string? Difference(IReadOnlyList<Tensor> writable)
    {
        foreach (var (root, before) in _images)
        {
            if (!Life.HasMemory(root))
            {
                return "an argument has no memory any more";
            }

            var now = root.Storage.AsSpan<byte>();
            if (now.SequenceEqual(before))
            {
                continue;
            }

            var allowed = new bool[before.Length];
            foreach (var tensor in writable)
            {
                if (Life.HasMemory(tensor) && ReferenceEquals(tensor.Storage, root.Storage))
                {
                    Mark(tensor, allowed);
                }
            }

            for (var i = 0; i < before.Length; i++)
            {
                if (now[i] != before[i] && !allowed[i])
                {
                    return writable.Count > 0 ? "bytes beside the written view changed" : "the memory of an argument changed";
                }
            }
        }

        return null;
    }

    private static void Mark(Tensor tensor, bool[] allowed)
    {
        var layout = tensor.Layout;
        var size = tensor.DType.ItemSize;
        var index = new int[layout.Rank];
        for (nint n = 0; n < layout.Count; n++)
        {
            var position = layout.Offset;
            for (var d = 0; d < index.Length; d++)
            {
                position += index[d] * layout.Strides[d];
            }

            allowed.AsSpan((int)position * size, size).Fill(true);
            for (var d = index.Length - 1; d >= 0 && ++index[d] == layout.Sizes[d]; d--)
            {
                index[d] = 0;
            }
        }
    }
}
