namespace Mammo;

/// <summary>What kind of failure an id is: PowerShell's error categories, by name.</summary>
public enum ErrorKind
{
    /// <summary>None of the others.</summary>
    NotSpecified,

    /// <summary>Arguments that do not belong together, or do not fit the model or the data.</summary>
    InvalidArgument,

    /// <summary>A file, list or image that is not as it should be.</summary>
    InvalidData,

    /// <summary>What is asked for cannot be done in this state.</summary>
    InvalidOperation,

    /// <summary>Larger than what is taken.</summary>
    LimitsExceeded,

    /// <summary>Mammo does not do it.</summary>
    NotImplemented,

    /// <summary>A library is missing.</summary>
    NotInstalled,

    /// <summary>A file or folder is missing.</summary>
    ObjectNotFound,

    /// <summary>Something is there already.</summary>
    ResourceExists,

    /// <summary>A device, or memory, is not available.</summary>
    ResourceUnavailable,

    /// <summary>A file cannot be written.</summary>
    WriteError,
}

/// <summary>The kind of the id that it is written on.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class KindAttribute(ErrorKind kind) : Attribute
{
    public ErrorKind Kind { get; } = kind;
}
