using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Data.Images;

namespace Mammo.Data.Dicom.Writing;

/// <summary>
/// An image of which something is said in another DICOM file: what identifies it, and what that file says of patient and study with the same words.
/// </summary>
internal sealed partial class DicomSource
{
    // Patient and General Study modules (PS3.3, C.7.1.1 and C.7.2.1); those marked are written even where the image has no value.
    private static readonly (uint Tag, string Vr, bool IsAlways)[] Copied =
    [
        (DicomTag.AccessionNumber, "SH", true), (DicomTag.ReferringPhysicianName, "PN", true), (DicomTag.StudyDescription, "LO", false),
        (DicomTag.TimezoneOffset, "SH", false), (DicomTag.StudyDate, "DA", true), (DicomTag.StudyTime, "TM", true), (DicomTag.StudyId, "SH", true),
        (DicomTag.StudyInstanceUid, "UI", true), (DicomTag.PatientName, "PN", true), (DicomTag.PatientId, "LO", true),
        (DicomTag.IssuerOfPatientId, "LO", false), (DicomTag.PatientBirthDate, "DA", true), (DicomTag.PatientSex, "CS", true),
        (DicomTag.PatientAge, "AS", false), (DicomTag.PatientIdentityRemoved, "CS", false), (DicomTag.DeidentificationMethod, "LO", false),
    ];

    private static readonly (uint Tag, string Vr)[] CodeParts =
    [
        (DicomTag.CodeValue, "SH"), (DicomTag.CodingSchemeDesignator, "SH"), (DicomTag.CodingSchemeVersion, "SH"), (DicomTag.CodeMeaning, "LO"),
    ];

    // Of the image itself before those of its series and study.
    private static readonly (uint Date, uint Time)[] Dates =
    [
        (DicomTag.ContentDate, DicomTag.ContentTime), (DicomTag.AcquisitionDate, DicomTag.AcquisitionTime), (DicomTag.SeriesDate, DicomTag.SeriesTime),
        (DicomTag.StudyDate, DicomTag.StudyTime),
    ];

    private readonly ImmutableArray<(uint Tag, string Vr, byte[]? Value)> _copied;
    private readonly ImmutableArray<ImmutableArray<(uint Tag, string Vr, byte[] Value)>> _methods;

    private DicomSource(string path, DicomFile file)
    {
        Path = path;
        Info = DicomImageInfos.Of(file);
        (SopClassUid, SopInstanceUid) = (Uid(Info.SopClassUid, "SOP Class UID"), Uid(Info.SopInstanceUid, "SOP Instance UID"));
        (StudyInstanceUid, SeriesInstanceUid) = (Uid(Info.StudyInstanceUid, "Study Instance UID"), Uid(Info.SeriesInstanceUid, "Series Instance UID"));
        var image = file.DataSet;
        CharacterSets = image.Value(DicomTag.SpecificCharacterSet)?.Bytes;
        InstanceNumber = image.Code(DicomTag.InstanceNumber) is { Length: <= 9 } number && number.All(char.IsAsciiDigit) ? number : null;
        _copied = [.. Copied.Select(element => (element.Tag, element.Vr, image.Value(element.Tag)?.Bytes, element.IsAlways))
            .Where(element => element.Bytes is not null || element.IsAlways).Select(element => (element.Tag, element.Vr, element.Bytes))];
        _methods = [.. image.Items(DicomTag.DeidentificationMethodCodeSequence).Select(item => CodeParts
            .Select(part => (part.Tag, part.Vr, item.Value(part.Tag)?.Bytes!)).Where(part => part.Item3 is not null).ToImmutableArray())];
        PixelAspect = PixelShape.Of(image);
        Made = Dates.Select(pair => Moment(image.Code(pair.Date), image.Code(pair.Time))).OfType<DateTime>().Cast<DateTime?>().FirstOrDefault();
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What the image's elements say.</summary>
    public DicomImageInfo Info { get; }

    /// <summary>SOP Class UID.</summary>
    public string SopClassUid { get; }

    /// <summary>SOP Instance UID.</summary>
    public string SopInstanceUid { get; }

    /// <summary>Study Instance UID.</summary>
    public string StudyInstanceUid { get; }

    /// <summary>Series Instance UID.</summary>
    public string SeriesInstanceUid { get; }

    /// <summary>Instance Number; null when the image has none.</summary>
    public string? InstanceNumber { get; }

    /// <summary>Specific Character Set as it is stored; null when the image has none.</summary>
    public byte[]? CharacterSets { get; }

    /// <summary>Height and width of a pixel as a ratio of whole numbers: <c>1\1</c> for square ones, and where the image says nothing.</summary>
    public string PixelAspect { get; }

    /// <summary>When the image was made, by its content, acquisition, series or study date; null when it has none.</summary>
    public DateTime? Made { get; }

    /// <summary>Reads what identifies an image.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DicomSourceMissing"/>: it is no DICOM file; <see cref="ErrorIds.DicomIdentityMissing"/>: a UID is missing or none;
    /// and those of <see cref="DicomReader.ReadInfo"/>.
    /// </exception>
    public static DicomSource Read(string path) => ImageErrors.Guarded(path, () =>
    {
        if (!IsDicom(path))
        {
            throw new MammoException(
                ErrorIds.DicomSourceMissing,
                $"'{path}' is no DICOM file, so its results belong to no study.",
                "Export results of DICOM images, or score the DICOM files from which this image was made.",
                path);
        }

        using var file = DicomFile.Open(path);
        return new DicomSource(path, file);
    });

    /// <summary>A data set that belongs to the image's study: its patient and study, and the identifiers of the new instance.</summary>
    /// <param name="sopClassUid">What kind of object it is.</param>
    /// <param name="sopInstanceUid">Its own identifier.</param>
    public DicomItem NewInstance(string sopClassUid, string sopInstanceUid)
    {
        var instance = new DicomItem().Text(DicomTag.SopClassUid, "UI", sopClassUid).Text(DicomTag.SopInstanceUid, "UI", sopInstanceUid);
        foreach (var (tag, vr, value) in _copied)
            instance.Copy(tag, vr, value);
        if (_methods.Length > 0)
            instance.Items(DicomTag.DeidentificationMethodCodeSequence, _methods.Select(Code));
        return instance;
    }

    private static DicomItem Code(ImmutableArray<(uint Tag, string Vr, byte[] Value)> parts)
    {
        var code = new DicomItem();
        foreach (var (tag, vr, value) in parts)
            code.Copy(tag, vr, value);
        return code;
    }

    private static bool IsDicom(string path)
    {
        using var file = InputFile.Open(path);
        var head = new byte[DicomSignature.Length];
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return DicomSignature.Detect(head.AsSpan(0, count)) != DicomStart.None;
    }

    private string Uid(string? uid, string name) => uid is not null && Valid().IsMatch(uid) ? uid : throw new MammoException(
        ErrorIds.DicomIdentityMissing,
        uid is null ? $"'{Path}' has no {name}, so nothing can be stored beside it." : $"'{Path}' has the {name} '{uid}', which is none.",
        "Take the image as the archive exports it, with its identifiers.",
        Path);

    private static DateTime? Moment(string? date, string? time)
    {
        if (!DateTime.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;
        string[] forms = ["HHmmss.FFFFFF", "HHmmss", "HHmm", "HH"];
        return DateTime.TryParseExact(time, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) ? day + clock.TimeOfDay : day;
    }

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)+$(?<=^.{1,64})", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
