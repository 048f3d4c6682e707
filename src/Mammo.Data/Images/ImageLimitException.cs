namespace Mammo.Data.Images;

/// <summary>An image is larger than allowed; <see cref="ImageReader"/> turns it into an error with the file's name.</summary>
internal sealed class ImageLimitException(string message) : Exception(message);
