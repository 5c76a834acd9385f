namespace Adjoint;

/// <summary>
/// A matrix that the algorithm cannot work with: singular, not positive definite, or one whose iteration does not converge
/// (<c>torch.linalg.LinAlgError</c>). The first sentence is PyTorch's.
/// </summary>
public sealed class LinalgException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public LinalgException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public LinalgException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public LinalgException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
