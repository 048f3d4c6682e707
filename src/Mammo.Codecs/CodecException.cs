namespace Mammo.Codecs;

/// <summary>A stream that is damaged, or that uses a part of its standard that is not read here. The message says which, in words for a person.</summary>
/// <param name="message">What is wrong, without a full stop at its end: the caller puts it into a sentence of its own.</param>
/// <param name="isUnsupported">True where the stream may be whole, but uses what is not read here.</param>
public sealed class CodecException(string message, bool isUnsupported = false) : Exception(message)
{
    /// <summary>True where the stream may be whole, but uses what is not read here; false where it is damaged.</summary>
    public bool IsUnsupported { get; } = isUnsupported;
}
