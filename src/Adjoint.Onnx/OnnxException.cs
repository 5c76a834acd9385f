namespace Adjoint.Onnx;

/// <summary>A function that has no form in ONNX, or a model that is not whole or holds what is not read. The message says what to do.</summary>
public sealed class OnnxException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public OnnxException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
