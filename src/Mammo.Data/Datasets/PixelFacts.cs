using Mammo.Data.Images;

namespace Mammo.Data.Datasets;

/// <summary>What a check learns from the pixels of one image.</summary>
/// <param name="Size">Stored size.</param>
/// <param name="BitDepth">8 or 16.</param>
/// <param name="Maximum">Highest value after scaling.</param>
/// <param name="Mean">Mean value after scaling.</param>
/// <param name="Hash">Hash of size and pixels, whatever the file's format.</param>
internal sealed record PixelFacts(ImageSize Size, int BitDepth, double Maximum, double Mean, string Hash);
