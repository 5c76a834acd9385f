namespace Adjoint;

/// <summary>A file that is not what its kind prescribes, or holds what is not read. Nothing of it was run, and nothing was changed.</summary>
public sealed class TensorFileException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public TensorFileException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public TensorFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public TensorFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
