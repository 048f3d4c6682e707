namespace Mammo.Data.Dicom.Sending;

/// <summary>What became of an instance at a server.</summary>
public enum StoreStatus
{
    /// <summary>The server stored it.</summary>
    Stored,

    /// <summary>The server had it, and keeps the one that it had.</summary>
    AlreadyThere,

    /// <summary>The server refused it.</summary>
    Refused,

    /// <summary>The server took the request and did not say what became of the instance.</summary>
    Unconfirmed,

    /// <summary>It did not reach the server.</summary>
    NotSent,

    /// <summary>The server failed each time that it was sent, also alone.</summary>
    Failed,
}

/// <summary>A DICOM file that was to be stored at a server, and what became of it.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Modality">Modality of its series: SR for a report, PR for a presentation state, OT for a picture.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Why it is not stored, in the server's words where it has any; empty otherwise.</param>
/// <param name="StudyInstanceUid">Study Instance UID.</param>
/// <param name="SopInstanceUid">SOP Instance UID.</param>
/// <param name="HttpStatus">Status of the last answer; null when there was none.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Server">The server's address.</param>
public sealed record StoredInstance(
    string Path,
    string? Modality,
    StoreStatus Status,
    string Reason,
    string StudyInstanceUid,
    string SopInstanceUid,
    int? HttpStatus,
    int Attempts,
    Uri Server)
{
    /// <summary>Id of the error that belongs to it; null when it is stored.</summary>
    public string? ErrorId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{System.IO.Path.GetFileName(Path)}: {Status}{(Reason.Length > 0 ? $" ({Reason})" : "")}";
}
