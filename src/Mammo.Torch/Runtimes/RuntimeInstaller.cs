using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mammo.Torch.Runtimes;

/// <summary>Puts libtorch into the folder of a user or of all users, where the module finds it, and takes it away again.</summary>
public sealed partial class RuntimeInstaller
{
    // What the package carries for Python and for its own tests.
    private static readonly ImmutableHashSet<string> Unused =
    [
        "torch_python", "torchbind_test", "jitbackend_test", "backend_with_compiler", "nnapi_backend", "aoti_custom_ops", "shm", "torch_global_deps",
    ];

    private const string Part = ".part";
    private const string ForAll = "Start PowerShell as administrator or root, or leave out -Scope: the user's own folder needs no rights.";
    private const string ForOne = $"Unpack libtorch where you may write, and set {NativeTorch.FolderVariable} to its folder lib.";

    private readonly RuntimeScope _scope;
    private readonly string _root;

    /// <summary>An installer for a scope.</summary>
    /// <param name="scope">Whose folder.</param>
    public RuntimeInstaller(RuntimeScope scope)
        : this(scope, InstalledRuntime.RootOf(scope))
    {
    }

    internal RuntimeInstaller(RuntimeScope scope, string root) => (_scope, _root) = (scope, root);

    /// <summary>Given the bytes that were fetched and those in all.</summary>
    public Action<long, long> Progress { get; init; } = (_, _) => { };

    /// <summary>Installs a package; one that is there whole is left as it is.</summary>
    /// <param name="package">The package.</param>
    /// <param name="source">The address of a NuGet feed, a folder or share that holds the package, or the package itself.</param>
    /// <param name="force">Replace one that is there.</param>
    /// <param name="cancellation">Stops it: what was fetched stays for the next try, and nothing else.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.RuntimeNotFetched"/>, <see cref="ErrorIds.RuntimeDamaged"/>, <see cref="ErrorIds.FileNotFound"/>,
    /// <see cref="ErrorIds.FolderInUse"/>, <see cref="ErrorIds.FolderUnwritable"/>, <see cref="ErrorIds.FileNotWritten"/>.
    /// </exception>
    public InstalledRuntime Install(RuntimePackage package, string source, bool force = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        using var owner = Take();
        var target = Path.Combine(_root, package.RuntimeName);
        if (!force && InstalledRuntime.Read(target, _scope) is { IsWhole: true } known)
            return known;
        return Writing(target, () =>
        {
            var isFetched = Uri.TryCreate(source, UriKind.Absolute, out var feed) && feed.Scheme is "https" or "http";
            var file = isFetched ? Path.Combine(_root, package.FileName + Part) : Local(package, source);
            if (isFetched)
                new PackageDownload(package, feed!, Progress).To(file, cancellation);
            Verify(package, file, isFetched);
            var runtime = Place(target, folder =>
            {
                Extract(package, file, folder, cancellation);
                return Description(package.RuntimeName, target, source, hasCuda: false);
            });
            if (isFetched)
                File.Delete(file);
            return runtime;
        });
    }

    /// <summary>Makes the libtorch of a PyTorch, or of an unpacked libtorch, the one that is used; its files stay where they are.</summary>
    /// <param name="folder">The folder of the libraries (torch/lib), PyTorch's own, or the one that has it.</param>
    /// <param name="force">Replace one of the same name that is there.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.TorchUnavailable"/>, <see cref="ErrorIds.FileExists"/>; as <see cref="Install"/>.</exception>
    public InstalledRuntime Adopt(string folder, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var libraries = new[] { folder, Path.Combine(folder, "lib"), Path.Combine(folder, "torch", "lib") }
            .Select(Path.GetFullPath).FirstOrDefault(place => File.Exists(Path.Combine(place, SharedLibrary.FileName("torch_cpu"))))
            ?? throw new MammoException(
                ErrorIds.TorchUnavailable, $"'{folder}' is neither a PyTorch nor a libtorch: {SharedLibrary.FileName("torch_cpu")} is not in it.",
                "Name the folder torch/lib of a PyTorch.", folder);
        var version = VersionOf(Path.GetDirectoryName(libraries)!);
        if (version?.Split('+')[0] != InstalledRuntime.RequiredVersion)
        {
            throw new MammoException(
                ErrorIds.TorchUnavailable,
                version is null ? $"The libtorch in '{libraries}' does not say its version." : $"The libtorch in '{libraries}' is {version}.",
                $"Use PyTorch {InstalledRuntime.RequiredVersion}: libraries of another version end the process.", folder);
        }

        using var owner = Take();
        var hasCuda = File.Exists(Path.Combine(libraries, SharedLibrary.FileName("torch_cuda")));
        var name = $"libtorch-{InstalledRuntime.RequiredVersion}-{(hasCuda ? "cuda" : "cpu")}-{InstalledRuntime.ThisSystem}";
        var target = Path.Combine(_root, name);
        var known = InstalledRuntime.Read(target, _scope);
        if (known?.Libraries == libraries)
            return known;

        // One whose libraries are gone is of no use to anybody.
        AtomicFile.CheckFree(target, force || known is { IsWhole: false });
        return Writing(target, () => Place(target, _ => Description(name, libraries, libraries, hasCuda)));
    }

    /// <summary>Removes a runtime's own folder; a PyTorch that it led to stays.</summary>
    /// <param name="runtime">The runtime, of this scope.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FolderInUse"/>, <see cref="ErrorIds.FileNotWritten"/>: it is being used, or is another's.
    /// </exception>
    public void Uninstall(InstalledRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using var owner = Take();
        Writing(runtime.Folder, () =>
        {
            if (Directory.Exists(runtime.Folder))
                DiscardFolder(runtime.Folder);
            return true;
        });
    }

    /// <summary>Downloads that were stopped; the next installation would go on with them.</summary>
    public IReadOnlyList<string> Unfinished() =>
        Directory.Exists(_root) ? [.. Directory.EnumerateFiles(_root, "*" + Part).Order(StringComparer.Ordinal)] : [];

    /// <summary>Removes a download that was stopped.</summary>
    /// <param name="download">One of <see cref="Unfinished"/>.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderInUse"/>: it goes on; <see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Discard(string download)
    {
        using var owner = Take();
        Writing(download, () =>
        {
            File.Delete(download);
            return true;
        });
    }

    // Only one may write, and what it finds half done is of dead processes.
    private FolderOwner Take()
    {
        FolderOwner owner;
        try
        {
            owner = FolderOwner.Take(_root);
        }
        catch (MammoException error) when (error.ErrorId == ErrorIds.FolderUnwritable)
        {
            throw new MammoException(
                error.ErrorId, error.Message, _scope == RuntimeScope.AllUsers ? ForAll : ForOne, error.Target, error);
        }

        foreach (var left in Directory.EnumerateDirectories(_root, ".mammo-*.tmp"))
            Remove(left);
        return owner;
    }

    // What a process of another session still uses stays until it has ended.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Tidying up is no reason to fail.
        }
    }

    private static T Writing<T>(string target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"'{target}' cannot be written: {error.Message}", WriteErrors.FixOf(error), target, error);
        }
    }

    private static string Local(RuntimePackage package, string source)
    {
        string[] places = [source, Path.Combine(source, package.FileName), Path.Combine(source, package.Id, package.Version, package.FileName)];
        return places.FirstOrDefault(File.Exists) ?? throw new MammoException(
            ErrorIds.FileNotFound, $"'{source}' holds no {package.FileName}.",
            "Name a folder or share that holds it, the file itself, or the address of a NuGet feed.", source);
    }

    private static void Verify(RuntimePackage package, string file, bool isFetched)
    {
        string hash;
        using (var stream = InputFile.Open(file))
            hash = Convert.ToBase64String(SHA512.HashData(stream));
        if (hash == package.Sha512)
            return;
        if (isFetched)
            File.Delete(file);
        throw new MammoException(
            ErrorIds.RuntimeDamaged,
            $"'{file}' is not {package.FileName} as it was published: its hash differs.",
            isFetched ? "Try again; if it fails again, the source is not to be trusted." : "Fetch the package anew.",
            file);
    }

    private static void Extract(RuntimePackage package, string file, string folder, CancellationToken cancellation)
    {
        using var stream = InputFile.Open(file);
        using var zip = new ZipArchive(stream);
        var home = $"runtimes/{package.System}/native/";
        foreach (var entry in zip.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var isLibrary = entry.FullName == home + entry.Name && !Unused.Contains(LibraryName().Match(entry.Name).Groups[1].Value);
            if (isLibrary || entry.FullName.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase))
                entry.ExtractToFile(Path.Combine(folder, entry.Name));
        }
    }

    // PyTorch's version.py, or the build-version of a libtorch that was unpacked.
    private static string? VersionOf(string home)
    {
        var python = Path.Combine(home, "version.py");
        var unpacked = Path.Combine(home, "build-version");
        return File.Exists(python)
            ? InputFile.Lines(python).Select(line => PythonVersion().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
            : File.Exists(unpacked) ? InputFile.Lines(unpacked).FirstOrDefault()?.Trim()
            : null;
    }

    private InstalledRuntime Description(string name, string libraries, string source, bool hasCuda) => new()
    {
        Name = name,
        Version = InstalledRuntime.RequiredVersion,
        System = InstalledRuntime.ThisSystem,
        HasCuda = hasCuda,
        Libraries = libraries,
        Source = source,
        Scope = _scope,
        Folder = Path.Combine(_root, name),
    };

    // Filled under another name, so that it is there whole or not at all.
    private static InstalledRuntime Place(string target, Func<string, InstalledRuntime> fill)
    {
        var folder = TemporaryFiles.In(Path.GetDirectoryName(target)!);
        Directory.CreateDirectory(folder);
        try
        {
            var runtime = fill(folder);
            AtomicFile.Write(Path.Combine(folder, InstalledRuntime.DescriptionName), stream => JsonSerializer.Serialize(stream, runtime));
            if (Directory.Exists(target))
                DiscardFolder(target);
            Directory.Move(folder, target);
            return runtime;
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    // Renamed first: where its libraries are being used Windows refuses that, and nothing is lost.
    private static void DiscardFolder(string folder)
    {
        var gone = TemporaryFiles.In(Path.GetDirectoryName(folder)!);
        Directory.Move(folder, gone);
        Remove(gone);
    }

    [GeneratedRegex(@"^(?:lib)?([^.]+)\.")]
    private static partial Regex LibraryName();

    [GeneratedRegex(@"^__version__\s*=\s*['""]([^'""]+)['""]")]
    private static partial Regex PythonVersion();
}
