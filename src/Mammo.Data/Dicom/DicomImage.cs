using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Dicom;

/// <summary>A frame of a DICOM file.</summary>
/// <param name="Image">Grey values of 16 bits, as a viewer would show them: black is 0 whatever the file's photometric interpretation.</param>
/// <param name="Info">What the file's elements say.</param>
/// <param name="VoiUsed"><c>Lut</c>, <c>Window:n</c> with the name of its function, or <c>None</c>.</param>
/// <param name="Remarks">What a user should know before the image is scored.</param>
public sealed record DicomImage(GreyImage Image, DicomImageInfo Info, string VoiUsed, ImmutableArray<DicomRemark> Remarks);
