using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Archive.Worklists;

/// <summary>
/// A worklist from front to back. Headers may stand between lines, so that lists of one root can be joined with <c>cat</c>. A line that is not whole is an
/// error: an image that it named would be missing without a word.
/// </summary>
internal sealed class WorklistReader : IDisposable
{
    private readonly string _path;
    private readonly LineReader _lines;
    private byte[] _line = [];
    private int _length;

    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public WorklistReader(string path) => (_path, _lines) = (path, new LineReader(path, "worklist"));

    /// <summary>The first header; null before it was read.</summary>
    public WorklistHeader? Header { get; private set; }

    /// <summary>Where the present item begins.</summary>
    public long Offset => _lines.Offset;

    /// <summary>Identity of the present item in UTF-8.</summary>
    public ReadOnlySpan<byte> Identity => Guard(static line => WorklistLines.IdentityOf(line));

    /// <summary>The present line.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _length);

    /// <summary>Reads as far as the first header.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.WorklistInvalid"/>: it has no header; and those of reading it.</exception>
    public WorklistHeader RequireHeader()
    {
        if (Header is null)
            Read();
        return Header ?? throw Invalid("it does not begin with a header; New-MammoWorklist writes one");
    }

    /// <summary>Goes to the next item.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.WorklistInvalid"/>: a line is damaged, or headers name several roots.</exception>
    public bool Read()
    {
        while (_lines.Read(out var line))
        {
            if (!_lines.HasEnd || !CheckedLine.IsWhole(line))
                throw Invalid(FormattableString.Invariant($"the line at byte {_lines.Offset} is damaged or cut off"));
            if (_line.Length < line.Length)
                _line = new byte[2 * line.Length];
            line.CopyTo(_line);
            _length = line.Length;
            if (!WorklistLines.IsHeader(line))
                return true;
            var header = ParseHeader();
            if (Header is not null && Header.Root != header.Root)
                throw Invalid($"it was joined of lists with different roots, '{Header.Root}' and '{header.Root}'");
            Header ??= header;
        }

        return false;
    }

    /// <summary>The present item.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.WorklistInvalid"/>.</exception>
    public WorkItem Item()
    {
        try
        {
            return WorklistLines.Parse(Line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw NoItem(failure);
        }
    }

    public void Dispose() => _lines.Dispose();

    private WorklistHeader ParseHeader()
    {
        try
        {
            return WorklistLines.Header(Line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw NoItem(failure);
        }
    }

    private ReadOnlySpan<byte> Guard(Select select)
    {
        try
        {
            return select(Line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw NoItem(failure);
        }
    }

    private MammoException NoItem(Exception failure) => Invalid(FormattableString.Invariant($"the line at byte {_lines.Offset}: {failure.Message}"));

    private MammoException Invalid(string problem) => new(
        ErrorIds.WorklistInvalid, $"The worklist '{_path}' cannot be used: {problem.TrimEnd('.')}.", target: _path);

    private delegate ReadOnlySpan<byte> Select(ReadOnlySpan<byte> line);
}
