using Mammo.Data.Images;

namespace Mammo.Data.Dicom.Sending;

/// <summary>A DICOM file that is to be sent as it is.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modality">Modality of its series.</param>
/// <param name="StudyInstanceUid">Study Instance UID.</param>
/// <param name="SeriesInstanceUid">Series Instance UID.</param>
/// <param name="SopInstanceUid">SOP Instance UID.</param>
public sealed record InstanceFile(string Path, long Length, string? Modality, string StudyInstanceUid, string SeriesInstanceUid, string SopInstanceUid)
{
    /// <summary>Whether a file begins as DICOM files do that can be sent: with preamble and meta information (PS3.10).</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            var head = new byte[DicomSignature.Length];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && DicomSignature.Detect(head) == DicomStart.Preamble;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads what identifies the instance in a file.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ImageUnreadable"/>: no DICOM file of PS3.10; <see cref="ErrorIds.DicomIdentityMissing"/>: it lacks a UID.
    /// </exception>
    public static InstanceFile Read(string path) => ImageErrors.Guarded(path, () =>
    {
        if (!IsOne(path))
            throw new InvalidDataException("it is no DICOM file with preamble and meta information, and only such are sent");
        var info = DicomReader.ReadInfo(path);
        return info is { StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } instance }
            ? new InstanceFile(path, new FileInfo(path).Length, info.Modality, study, series, instance)
            : throw new MammoException(
                ErrorIds.DicomIdentityMissing, $"'{path}' lacks the UID of its study, series or instance, so no server can store it.", target: path);
    });
}
