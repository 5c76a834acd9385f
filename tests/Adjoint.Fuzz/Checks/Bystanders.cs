namespace Adjoint.Fuzz.Checks;

/// <summary>Tensors that no call is given: some made at the start, the others results of earlier calls. None may ever change.</summary>
internal sealed class Bystanders
{
    private const int Kept = 32;
    private const int LargestKept = 1 << 16;

    private readonly (Tensor Tensor, byte[] Bytes)[] _all = new (Tensor, byte[])[Kept];
    private int _next;

    public Bystanders()
    {
        foreach (var count in new[] { 1, 2, 7, 16, 64, 100, 500, 1000, 4096, 5000 })
        {
            Add(Tensor.Full([count], 3.25));
        }
    }

    /// <summary>Keeps a result, in the place of the oldest.</summary>
    public void Add(Tensor tensor)
    {
        if (Life.HasMemory(tensor) && tensor.Storage.ByteLength <= LargestKept)
        {
            _all[_next++ % Kept] = (tensor, tensor.Storage.AsSpan<byte>().ToArray());
        }
    }

    /// <summary>Says which has changed, and forgets it.</summary>
    public string? Difference()
    {
        for (var i = 0; i < _all.Length; i++)
        {
            if (_all[i] is ({ } tensor, var bytes) && Life.HasMemory(tensor) && !tensor.Storage.AsSpan<byte>().SequenceEqual(bytes))
            {
                _all[i] = default;
                return $"a tensor of {bytes.Length} bytes that was no argument changed";
            }
        }

        return null;
    }
}
