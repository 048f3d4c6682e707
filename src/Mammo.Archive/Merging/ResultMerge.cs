using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mammo.Archive.Shards;
using Mammo.Archive.Sorting;
using Mammo.Archive.Worklists;

namespace Mammo.Archive.Merging;

/// <summary>
/// Brings the results of a run together: worklist and result files go through one external sort by identity, so that memory does not grow with them and their
/// order makes no difference. Files of the run are only read.
/// </summary>
public sealed class ResultMerge : IDisposable
{
    private const int Examples = 10;

    // Behind the identity in the key; of results the first in the order of their bytes counts.
    private const byte Listed = 0;
    private const byte Scored = 1;
    private const byte Refused = 2;

    private readonly MergeOptions _options;
    private readonly ExternalSort _lines;
    private readonly HashSet<string> _further = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _refusedBy = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellation;
    private RunDescription? _run;
    private MergeReport _report = new();

    private ResultMerge(MergeOptions options, CancellationToken cancellation)
    {
        (_options, _cancellation) = (options, cancellation);
        _lines = new ExternalSort(Path.GetDirectoryName(Path.GetFullPath(options.Path))!, options.Memory);
    }

    /// <summary>Merges.</summary>
    /// <param name="options">What, and into what.</param>
    /// <param name="found">Called with what is wrong with result files and seals.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>; nothing is written then.</param>
    /// <returns>The report; its path is null when the results do not add up and were not written.</returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.WorklistInvalid"/>; <see cref="ErrorIds.ShardOptionsDiffer"/>: result files of several runs; <see cref="ErrorIds.FileNotFound"/>;
    /// <see cref="ErrorIds.FileUnreadable"/>; <see cref="ErrorIds.FileNotWritten"/>; <see cref="ErrorIds.FileExists"/>: the file is one of the run's own.
    /// </exception>
    public static MergeReport Merge(MergeOptions options, Action<Finding>? found = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var merge = new ResultMerge(options, cancellation);
        return merge.Run(found ?? (_ => { }));
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private MergeReport Run(Action<Finding> found)
    {
        RequireOther();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.Path))!);
        var root = AddWorklist();
        AddResults(found);
        var columns = new MergedColumns(_run?.Columns ?? [], _further);
        var write = ResultWriters.Of(_options.Format, _options.Path);
        try
        {
            AtomicFile.Write(_options.Path, stream =>
            {
                write(stream, columns, Rows(_options.Root ?? root));
                _report = _report with { RefusedBy = new NamedTable<int>(_refusedBy.OrderBy(pair => pair.Key, StringComparer.Ordinal)) };
                if (!_report.AddsUp && !_options.IsPartial)
                    throw new NotWrittenException();
            });
        }
        catch (NotWrittenException)
        {
            return _report;
        }

        return _report with { Path = Path.GetFullPath(_options.Path) };
    }

    // Whoever replaces files that exist does not mean those that are merged.
    private void RequireOther()
    {
        var path = Path.GetFullPath(_options.Path);
        if (!File.Exists(path))
            return;
        var own = ResultFile.In(_options.Folder, recursive: true).Select(file => file.Path)
            .Concat(Seal.In(_options.Folder, recursive: true).Select(seal => seal.Path))
            .Concat(Directory.EnumerateFiles(_options.Folder, RunDescription.FileName, SearchOption.AllDirectories)).Append(_options.Worklist);
        if (own.Any(file => string.Equals(Path.GetFullPath(file), path, StringComparison.OrdinalIgnoreCase)))
            throw new MammoException(ErrorIds.FileExists, $"'{path}' belongs to the run that is merged, and is not replaced.", "Give another name.", path);
    }

    private string AddWorklist()
    {
        using var list = new WorklistReader(_options.Worklist);
        var place = new byte[sizeof(long)];
        while (list.Read())
        {
            _cancellation.ThrowIfCancellationRequested();
            BinaryPrimitives.WriteInt64BigEndian(place, list.Offset);
            var item = list.Item();
            _lines.Add(Key(list.Identity, Listed), [.. place, .. WorklistCopies.Facts(item), .. Encoding.UTF8.GetBytes(item.Image.Path)]);
        }

        return list.Header?.Root ?? WorklistHeader.Of(_options.Worklist).Root;
    }

    private void AddResults(Action<Finding> found)
    {
        var files = ResultFile.In(_options.Folder, recursive: true);
        var check = SealCheck.Of(Seal.In(_options.Folder, recursive: true), files);
        foreach (var (_, finding) in check.Broken)
            found(finding);
        foreach (var file in files.Where(file => !check.Contradicted.Contains(file.Path)))
        {
            var (damaged, run) = file.Read(_run, line =>
            {
                _cancellation.ThrowIfCancellationRequested();
                var identity = ResultLines.IdentityOf(line, out var isRefused);
                _lines.Add(Key(identity, isRefused ? Refused : Scored), line);
                NoteColumns(line);
            });
            _run ??= run;
            _report = _report with { ResultFiles = _report.ResultFiles + 1, DamagedLines = _report.DamagedLines + damaged };
        }

        if (_report.DamagedLines > 0)
            found(new Finding(
                ErrorIds.ResultDamaged, FormattableString.Invariant($"{_report.DamagedLines} lines of result files are damaged and do not count."))
            { Subject = _options.Folder });
    }

    // Most lines have the columns of the lines before.
    private void NoteColumns(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        while (json.Read())
        {
            if (json.CurrentDepth == 2 && json.TokenType == JsonTokenType.PropertyName)
                _further.Add(json.GetString()!);
        }
    }

    private IEnumerable<MergedRow> Rows(string root)
    {
        var group = new IdentityGroup();
        foreach (var item in _lines.Sorted())
        {
            _cancellation.ThrowIfCancellationRequested();
            var identity = item.Key.Span[..^2];
            var kind = item.Key.Span[^1];
            if (!group.Is(identity))
            {
                if (Row(group, root) is { } row)
                    yield return row;
                group.Begin(item.Key.Span[..^2]);
            }

            group.Add(kind, item.Content.Span, this);
        }

        if (Row(group, root) is { } last)
            yield return last;
    }

    private MergedRow? Row(IdentityGroup group, string root)
    {
        if (group.Path is null)
        {
            if (group.Scores > 0 || group.Result is not null)
                _report = _report with { Foreign = _report.Foreign + 1 };
            return null;
        }

        _report = _report with
        {
            In = _report.In + 1,
            Copies = _report.Copies + group.Copies,
            DifferentCopies = _report.DifferentCopies + group.DifferentCopies,
        };
        if (group.Result is not { } result)
        {
            _report = _report with { Missing = _report.Missing + 1, MissingExamples = With(_report.MissingExamples, group.Path) };
            return null;
        }

        if (group.Difference > _options.Tolerance)
        {
            _report = _report with { Conflicting = _report.Conflicting + 1, ConflictingExamples = With(_report.ConflictingExamples, group.Path) };
        }
        else if (group.Scores > 1)
        {
            _report = _report with { Twice = _report.Twice + 1 };
        }

        if (result.Refused is { } id)
            _refusedBy[id] = _refusedBy.GetValueOrDefault(id) + 1;
        _report = _report with
        {
            Scored = _report.Scored + (result.Refused is null ? 1 : 0),
            Refused = _report.Refused + (result.Refused is null ? 0 : 1),
            LargestDifference = Math.Max(_report.LargestDifference, group.Difference),
        };
        return new MergedRow(FullPath(root, group.Path), group.Identity, result);
    }

    // The list may be one of another system: its root is no path here, and stays as it is.
    private static string FullPath(string root, string path)
    {
        if (Path.IsPathFullyQualified(root))
            return Path.GetFullPath(Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar)));
        var separator = root.Contains('\\', StringComparison.Ordinal) ? '\\' : '/';
        return root.TrimEnd(separator) + separator + path.Replace('/', separator);
    }

    private static System.Collections.Immutable.ImmutableArray<string> With(System.Collections.Immutable.ImmutableArray<string> examples, string path) =>
        examples.Length < Examples ? examples.Add(path) : examples;

    // A zero byte stands in no identity, so that one that begins another comes first.
    private static byte[] Key(ReadOnlySpan<byte> identity, byte kind) => [.. identity, 0, kind];

    /// <summary>The lines of one identity.</summary>
    private sealed class IdentityGroup
    {
        private byte[] _identity = [];
        private ulong _facts;

        public string? Path { get; private set; }

        public long Copies { get; private set; }

        public long DifferentCopies { get; private set; }

        public long Scores { get; private set; }

        public Result? Result { get; private set; }

        public double Difference { get; private set; }

        public string Identity => Encoding.UTF8.GetString(_identity);

        public bool Is(ReadOnlySpan<byte> identity) => identity.SequenceEqual(_identity);

        public void Begin(ReadOnlySpan<byte> identity)
        {
            _identity = identity.ToArray();
            (Path, Copies, DifferentCopies, Scores, Result, Difference) = (null, 0, 0, 0, null, 0);
        }

        public void Add(byte kind, ReadOnlySpan<byte> content, ResultMerge merge)
        {
            if (kind == Listed)
            {
                var facts = BinaryPrimitives.ReadUInt64BigEndian(content[sizeof(long)..]);
                Copies += Path is null ? 0 : 1;
                DifferentCopies += Path is null || facts == _facts ? 0 : 1;
                if (Path is null)
                    (Path, _facts) = (Encoding.UTF8.GetString(content[(sizeof(long) + sizeof(ulong))..]), facts);
                return;
            }

            Scores += kind == Scored ? 1 : 0;
            if (Result is null)
                Result = ResultLines.Parse(content);
            else if (kind == Scored)
                Difference = Math.Max(Difference, Distance(Result, ResultLines.Parse(content)));
        }

        // Infinite where one has a number and the other has none.
        private static double Distance(Result one, Result other)
        {
            var numbers = other.Fields.Where(field => field.Value.IsNumber).ToDictionary(field => field.Key, field => Number(field.Value));
            var distance = 0.0;
            foreach (var (name, value) in one.Fields.Where(field => field.Value.IsNumber))
                distance = Math.Max(distance, numbers.Remove(name, out var number) ? Math.Abs(number - Number(value)) : double.PositiveInfinity);
            return numbers.Count > 0 ? double.PositiveInfinity : distance;
        }

        private static double Number(FieldValue value) => double.Parse(value.Text!, CultureInfo.InvariantCulture);
    }

    private sealed class NotWrittenException : Exception;
}
