namespace Adjoint.Fuzz.Checks;

/// <summary>Whether a tensor has memory that can be looked at.</summary>
internal static class Life
{
    /// <summary>False for a stand-in and for a tensor whose scope has ended.</summary>
    public static bool HasMemory(Tensor tensor)
    {
        if (tensor.IsStandIn)
        {
            return false;
        }

        try
        {
            return tensor.Storage.AsSpan<byte>().Length >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
