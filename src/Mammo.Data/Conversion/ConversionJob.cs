namespace Mammo.Data.Conversion;

/// <summary>One file to be converted.</summary>
/// <param name="Source">Full path of the image.</param>
/// <param name="Target">Full path of the PNG to be written.</param>
/// <param name="IsUpToDate">The target is there and not older than the source.</param>
public sealed record ConversionJob(string Source, string Target, bool IsUpToDate);
