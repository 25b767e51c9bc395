"""Runs SQL on one engine: a job a line on standard input, its rows a line on standard output.

    python run.py ENGINE

A job: {"tables": [{"name": "leads", "columns": [["id", "text"], ...], "rows": [["a", null, ...], ...]}],
        "before": ["SQL", ...], "sql": "SELECT ...", "types": ["text", "bool", "number", "time", ...]}
An answer: {"columns": [...], "rows": [[text or null, ...], ...]} or {"error": "what the engine says"}.

Types of columns: text, int, number, money, bool, date, time, and `list of ...` of them. Values are text in one spelling:
numbers in plain decimal form without zeros at the end, true and false, 2026-10-01, 2026-10-01T12:30:00.000Z; lists are
JSON arrays of such. `types` says how answers are to be read where an engine has no such type; `as_of` is the instant of the query's parameter.
The engine stays open until standard input ends. The session's time zone is an odd one on purpose: answers may not hang on it.
"""

import ctypes
import datetime
import decimal
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

ODD_ZONE = "Asia/Kathmandu"
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


# Values --------------------------------------------------------------------------------------------------------------


def spelled(value, kind=None):
    """A value of an engine in the one spelling."""
    if value is None:
        return None
    if kind == "bool":
        return {"0": "false", "1": "true"}.get(str(value).lower(), str(value).lower())
    if kind == "time" and not isinstance(value, str):
        return instant(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return instant(value)
    if isinstance(value, (int, datetime.date)) and kind not in ("number", "int"):
        return str(value)
    if isinstance(value, float) and value != value:
        return "NaN"
    if kind in ("number", "int") or isinstance(value, (float, decimal.Decimal)):
        try:
            number = decimal.Decimal(repr(value) if isinstance(value, float) else str(value))
        except decimal.InvalidOperation:
            return str(value)
        text = format(number, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("-0", "") else text
    if isinstance(value, (list, tuple)):
        return [spelled(entry) for entry in value]
    return str(value)


def instant(value):
    """An instant in UTC with milliseconds, from a datetime or whole milliseconds."""
    if isinstance(value, (int, decimal.Decimal)):
        value = EPOCH + datetime.timedelta(milliseconds=int(value))
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    value = value.astimezone(UTC)
    text = value.strftime("%Y-%m-%dT%H:%M:%S") if value.year >= 1000 else value.isoformat()[:19]
    rest = value.microsecond % 1000
    return f"{text}.{value.microsecond // 1000:03}" + (f"{rest:03}" if rest else "") + "Z"


def read(text, kind):
    """A value of a job as Python has it."""
    if text is None:
        return None
    if kind.startswith("list of "):
        return [read(entry, kind[8:]) for entry in text]
    if kind == "int":
        return int(text)
    if kind in ("number", "money"):
        return decimal.Decimal(text)
    if kind == "bool":
        return text == "true"
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "time":
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return text


def rows_of(table):
    """The rows of a table as Python has them."""
    kinds = [kind for _, kind in table["columns"]]
    return [[read(value, kind) for value, kind in zip(row, kinds)] for row in table["rows"]]


def quoted(name, mark='"'):
    return mark + name.replace(mark, mark * 2) + mark


def create(table, types, mark='"', list_of="{}[]"):
    """CREATE TABLE of a job's table."""
    def sql_type(kind):
        return list_of.format(sql_type(kind[8:])) if kind.startswith("list of ") else types[kind]
    columns = ", ".join(f"{quoted(name, mark)} {sql_type(kind)}" for name, kind in table["columns"])
    return f"CREATE TABLE {quoted(table['name'], mark)} ({columns})"


def arrow_table(table, unit="us"):
    """A job's table as Arrow."""
    import pyarrow as pa

    def arrow_type(kind):
        if kind.startswith("list of "):
            return pa.list_(arrow_type(kind[8:]))
        return {
            "text": pa.string(), "int": pa.int64(), "number": pa.decimal128(18, 6), "money": pa.decimal128(18, 4),
            "bool": pa.bool_(), "date": pa.date32(), "time": pa.timestamp(unit, tz="UTC"),
        }[kind]

    rows = rows_of(table)
    fields = [pa.field(name, arrow_type(kind)) for name, kind in table["columns"]]
    arrays = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(fields)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def from_arrow(table, types):
    """Rows of an Arrow table, in the one spelling."""
    columns = [column.to_pylist() for column in table.columns]
    kinds = types or [None] * len(columns)
    return [[spelled(value, kind) for value, kind in zip(row, kinds)] for row in zip(*columns)]


# Engines -------------------------------------------------------------------------------------------------------------


class DuckDB:
    def __init__(self):
        import duckdb

        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(f"SET TimeZone = '{ODD_ZONE}'")
        # Nothing is fetched while the tests run.
        self.connection.execute("SET autoinstall_known_extensions = false")
        self.version = "DuckDB " + duckdb.__version__

    def load(self, table):
        self.connection.register("loaded", arrow_table(table))
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(table['name'])} AS SELECT * FROM loaded")
        self.connection.unregister("loaded")

    def execute(self, sql):
        self.connection.execute(sql)

    def query(self, sql, types, as_of=None):
        found = self.connection.execute(sql, {"as_of": read(as_of, "time")} if as_of else None)
        names = [column[0] for column in found.description]
        kinds = types or [None] * len(names)
        rows = [[spelled(value, kind) for value, kind in zip(row, kinds)] for row in found.fetchall()]
        return names, rows


class Transpiled(DuckDB):
    """SQL of services that nothing here can run, as sqlglot writes it for DuckDB."""

    def __init__(self):
        import sqlglot

        super().__init__()
        # What becomes of the services' types of instants reads the session's zone.
        self.connection.execute("SET TimeZone = 'UTC'")
        self.version = f"sqlglot {sqlglot.__version__} on {self.version}"

    def load(self, table):
        super().load(table)
        self.loaded = {**getattr(self, "loaded", {}), table["name"]: [name for name, _ in table["columns"]]}

    def nest(self, name, columns):
        """Makes records of columns whose names are paths, as they are read in BigQuery."""
        fields = {}
        for column in columns:
            path = column.split(".")
            at = fields
            for part in path[:-1] if all(path) else []:
                at = at.setdefault(part, {})
            at[path[-1] if all(path) else column] = column

        def held(value):
            if isinstance(value, str):
                return quoted(value)
            return "struct_pack(" + ", ".join(f"{quoted(part)} := {held(inner)}" for part, inner in value.items()) + ")"

        items = ", ".join(f"{held(value)} AS {quoted(part)}" for part, value in fields.items())
        self.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {items} FROM {quoted(name)}")

    def query(self, sql, types, dialect):
        import sqlglot
        from sqlglot import exp

        if dialect == "bigquery":
            for name in list(self.loaded):
                self.nest(name, self.loaded.pop(name))
        tree = sqlglot.parse_one(sql, read=dialect)
        # A quotient of whole numbers becomes an operator, whose sides are not put in brackets.
        for quotient in list(tree.find_all(exp.IntDiv)):
            for side in ("this", "expression"):
                quotient.set(side, exp.paren(quotient.args[side], copy=False))
            if quotient.parent and not isinstance(quotient.parent, exp.Paren):
                quotient.replace(exp.paren(quotient.copy()))
        # Decimals of the services have 38 digits where none are said, those of DuckDB 18.
        for held in tree.find_all(exp.DataType):
            if held.this in (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL) and not held.expressions:
                held.replace(exp.DataType.build("DECIMAL(38, 9)"))
        return super().query(tree.sql("duckdb"), types)


class Postgres:
    """A throwaway server on a unix socket in a temporary folder; it ends with this process, however that ends."""

    TYPES = {
        "text": "text", "int": "bigint", "number": "numeric(18,6)", "money": "numeric(18,4)", "bool": "boolean",
        "date": "date", "time": "timestamptz",
    }

    def __init__(self):
        import psycopg

        binaries = self.binaries()
        self.folder = tempfile.mkdtemp(prefix="qualify-pg-", dir="/tmp")
        user = {}
        if os.geteuid() == 0:
            import pwd

            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        data = os.path.join(self.folder, "data")
        subprocess.run(
            [os.path.join(binaries, "initdb"), "-D", data, "-U", "qualify", "--auth=trust", "--no-sync", "-E", "UTF8",
             "--locale=C.UTF-8"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **user,
        )
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off", "full_page_writes": "off",
            "synchronous_commit": "off", "jit": "off", "max_connections": "5", "shared_buffers": "64MB",
            "max_parallel_workers_per_gather": "0", "TimeZone": ODD_ZONE, "log_min_messages": "fatal",
            "autovacuum": "off", "log_min_error_statement": "panic",
        }
        command = [os.path.join(binaries, "postgres"), "-D", data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]

        def end_with_parent():
            ctypes.CDLL(None).prctl(1, signal.SIGINT)

        self.server = subprocess.Popen(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent, **user,
        )
        last = None
        for _ in range(300):
            try:
                self.connection = psycopg.connect(
                    host=self.folder, user="qualify", dbname="postgres", autocommit=True, prepare_threshold=None,
                )
                break
            except psycopg.OperationalError as error:
                last = error
                if self.server.poll() is not None:
                    raise RuntimeError(f"the PostgreSQL server ended: {error}") from error
                signal.sigtimedwait([], 0.05)
        else:
            raise RuntimeError(f"the PostgreSQL server does not answer: {last}")
        self.version = "PostgreSQL " + self.connection.execute("SHOW server_version").fetchone()[0].split(" ")[0]

    @staticmethod
    def binaries():
        """The folder of initdb and postgres: on the path, or where Debian puts them."""
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            if all(os.path.exists(os.path.join(folder, name)) for name in ("initdb", "postgres")):
                return folder
        root = "/usr/lib/postgresql"
        versions = sorted(os.listdir(root), key=float, reverse=True) if os.path.isdir(root) else []
        for version in versions:
            if os.path.exists(os.path.join(root, version, "bin", "postgres")):
                return os.path.join(root, version, "bin")
        raise RuntimeError("no PostgreSQL server on this machine (Debian's package: postgresql)")

    def load(self, table):
        with self.connection.transaction():
            self.connection.execute(f"DROP TABLE IF EXISTS {quoted(table['name'])}")
            self.connection.execute(create(table, self.TYPES))
            rows = rows_of(table)
            with self.connection.cursor().copy(f"COPY {quoted(table['name'])} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def execute(self, sql):
        self.connection.execute(sql)

    def query(self, sql, types, as_of=None):
        if as_of:
            # The client's own marks of parameters are others.
            self.connection.execute("DEALLOCATE ALL")
            self.connection.execute(f"PREPARE asked (timestamptz) AS {sql}".encode())
            sql = f"EXECUTE asked ('{as_of}')"
        found = self.connection.execute(sql.encode())
        names = [column.name for column in found.description]
        kinds = types or [None] * len(names)
        return names, [[spelled(value, kind) for value, kind in zip(row, kinds)] for row in found.fetchall()]

    def close(self):
        try:
            self.connection.close()
        finally:
            self.server.send_signal(signal.SIGINT)
            try:
                self.server.wait(20)
            except subprocess.TimeoutExpired:
                self.server.send_signal(signal.SIGQUIT)
                self.server.wait(20)
            shutil.rmtree(self.folder, ignore_errors=True)


class ClickHouse:
    TYPES = {
        "text": "Nullable(String)", "int": "Nullable(Int64)", "number": "Nullable(Decimal(18, 6))",
        "money": "Nullable(Decimal(18, 4))", "bool": "Nullable(Bool)", "date": "Nullable(Date32)",
        "time": "Nullable(DateTime64(3, 'UTC'))",
    }

    def __init__(self):
        import chdb
        from chdb import session

        self.session = session.Session()
        self.version = "ClickHouse (chdb) " + chdb.__version__
        for setting in (
            f"session_timezone = '{ODD_ZONE}'", "max_query_size = 16777216", "max_ast_elements = 10000000",
            "max_expanded_ast_elements = 10000000", "max_parser_depth = 10000", "max_threads = 1",
            "output_format_json_quote_64bit_integers = 1", "output_format_json_quote_decimals = 1",
            "date_time_output_format = 'iso'", "output_format_json_quote_denormals = 1",
        ):
            self.session.query(f"SET {setting}")

    def load(self, table):
        name = quoted(table["name"])
        self.session.query(f"DROP TABLE IF EXISTS {name}")
        kinds = [kind for _, kind in table["columns"]]
        columns = ", ".join(f"{quoted(column)} {self.sql_type(kind)}" for column, kind in table["columns"])
        self.session.query(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
        if table["rows"]:
            rows = ", ".join(
                "(" + ", ".join(self.literal(value, kind) for value, kind in zip(row, kinds)) + ")"
                for row in table["rows"]
            )
            self.session.query(f"INSERT INTO {name} VALUES {rows}")

    def sql_type(self, kind):
        # An array cannot be missing: lists are texts that hold JSON.
        return self.TYPES["text" if kind.startswith("list of ") else kind]

    @classmethod
    def held(cls, value, kind):
        """A list, or an entry of one, as the JSON that is in its text."""
        if value is None:
            return None
        if kind.startswith("list of "):
            return json.dumps([cls.held(entry, kind[8:]) for entry in value], ensure_ascii=False)
        if kind == "int":
            return int(value)
        if kind == "time":
            return int((read(value, kind) - EPOCH) / datetime.timedelta(milliseconds=1))
        return value == "true" if kind == "bool" else value

    @classmethod
    def literal(cls, value, kind):
        if value is None:
            return "NULL"
        if kind.startswith("list of "):
            return cls.literal(cls.held(value, kind), "text")
        if kind in ("number", "money"):
            return f"'{value}'"
        if kind in ("int", "bool"):
            return value
        if kind == "time":
            return "'" + instant(read(value, kind).replace(microsecond=read(value, kind).microsecond // 1000 * 1000)).replace("T", " ").replace("Z", "") + "'"
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def execute(self, sql):
        self.session.query(sql)

    def query(self, sql, types, as_of=None):
        if as_of:
            self.session.query(f"SET param_as_of = '{as_of.replace('T', ' ').replace('Z', '')}'")
        text = self.session.query(sql.rstrip().rstrip(";"), "JSONCompact").bytes()
        answer = json.loads(text)
        names = [column["name"] for column in answer["meta"]]
        own = [column["type"] for column in answer["meta"]]
        kinds = types or [None] * len(names)
        rows = [
            [self.value(value, ty, kind) for value, ty, kind in zip(row, own, kinds)] for row in answer["data"]
        ]
        return names, rows

    @staticmethod
    def value(value, ty, kind):
        if value is None:
            return None
        if "DateTime" in ty:
            return instant(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
        if kind is None and ("Int" in ty or "Decimal" in ty or "Float" in ty) and not ty.startswith("Array"):
            kind = "number"
        return spelled(value, kind)

    def close(self):
        self.session.close()


class Sqlite:
    TYPES = {"text": "TEXT", "int": "INTEGER", "number": "TEXT", "money": "TEXT", "bool": "INTEGER", "date": "TEXT", "time": "INTEGER"}

    def __init__(self):
        import sqlite3

        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.version = "SQLite " + sqlite3.sqlite_version

    def load(self, table):
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(table['name'])}")
        kinds = [kind for _, kind in table["columns"]]
        columns = ", ".join(
            f"{quoted(name)} {'TEXT' if kind.startswith('list of ') else self.TYPES[kind]}" for name, kind in table["columns"]
        )
        self.connection.execute(f"CREATE TABLE {quoted(table['name'])} ({columns})")
        rows = [
            [self.held(value, kind, number) for value, kind in zip(row, kinds)] for number, row in enumerate(table["rows"])
        ]
        marks = ", ".join("?" * len(kinds))
        self.connection.executemany(f"INSERT INTO {quoted(table['name'])} VALUES ({marks})", rows)

    @classmethod
    def held(cls, value, kind, number=0):
        """A value as SQLite has it; instants by turns as whole milliseconds and as text, which may have finer digits."""
        if value is None:
            return None
        if kind.startswith("list of "):
            return json.dumps([cls.entry(entry, kind[8:]) for entry in value], ensure_ascii=False)
        if kind == "int":
            return int(value)
        if kind == "bool":
            return int(value == "true")
        if kind == "time":
            whole, rest = divmod(read(value, kind) - EPOCH, datetime.timedelta(milliseconds=1))
            return whole if not rest and number % 2 else value
        return value

    @classmethod
    def entry(cls, value, kind):
        held = cls.held(value, kind)
        return bool(held) if kind == "bool" and held is not None else held

    def execute(self, sql):
        self.connection.executescript(sql)

    def query(self, sql, types, as_of=None):
        found = self.connection.execute(sql, {"as_of": as_of} if as_of else {})
        names = [column[0] for column in found.description]
        kinds = types or [None] * len(names)
        return names, [[spelled(value, kind) for value, kind in zip(row, kinds)] for row in found.fetchall()]


class Spark:
    def __init__(self):
        from pyspark.sql import SparkSession

        quiet = tempfile.NamedTemporaryFile("w", suffix=".properties", delete=False)
        quiet.write("rootLogger.level = off\n")
        quiet.close()
        self.warehouse = tempfile.mkdtemp(prefix="qualify-spark-")
        settings = {
            "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "1",
            "spark.sql.session.timeZone": ODD_ZONE, "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1", "spark.sql.adaptive.enabled": "false",
            "spark.sql.warehouse.dir": self.warehouse, "spark.driver.memory": "2g",
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{quiet.name} -Dderby.system.home={self.warehouse}",
            "spark.sql.codegen.wholeStage": os.environ.get("QUALIFY_SPARK_CODEGEN", "false"),
            "spark.sql.execution.arrow.pyspark.enabled": "true", "spark.sql.maxPlanStringLength": "1000",
            # A policy of many steps is a long chain of parts.
            "spark.sql.analyzer.maxIterations": "1000", "spark.sql.optimizer.maxIterations": "1000",
        }
        builder = SparkSession.builder.master("local[1]").appName("qualify")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.version = "Spark " + self.session.version

    def load(self, table):
        self.session.createDataFrame(arrow_table(table)).createOrReplaceTempView(quoted(table["name"], "`"))

    def execute(self, sql):
        self.session.sql(sql)

    def query(self, sql, types, as_of=None):
        values = {"as_of": read(as_of, "time")} if as_of else None
        found = self.session.sql(sql.rstrip().rstrip(";"), args=values).toArrow()
        return found.column_names, from_arrow(found, types)

    def close(self):
        self.session.stop()
        shutil.rmtree(self.warehouse, ignore_errors=True)


class DataFusion:
    def __init__(self):
        import datafusion

        config = datafusion.SessionConfig({"datafusion.execution.time_zone": "+05:45"})
        self.context = datafusion.SessionContext(config.with_target_partitions(1))
        self.version = "DataFusion " + datafusion.__version__

    def load(self, table):
        name = table["name"]
        if self.context.table_exist(name):
            self.context.deregister_table(name)
        self.context.register_record_batches(name, [arrow_table(table).to_batches() or []])

    def execute(self, sql):
        self.context.sql(sql).collect()

    def query(self, sql, types):
        found = self.context.sql(sql.rstrip().rstrip(";")).to_arrow_table()
        return found.column_names, from_arrow(found, types)


class Sqlglot:
    """SQL of services that nothing here can run: parsed, every name looked up, every function known. No rows come of it."""

    def __init__(self):
        import sqlglot

        self.tables = {}
        self.nested = None
        self.version = f"sqlglot {sqlglot.__version__}"

    def load(self, table):
        self.tables[table["name"]] = [name for name, _ in table["columns"]]
        # The column of leads that holds their events.
        self.nested = next((name.lower() for name, kind in table["columns"] if kind == "events"), self.nested)

    def query(self, sql, types, dialect):
        import sqlglot
        from sqlglot import exp
        from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
        from sqlglot.optimizer.qualify import qualify

        level = sqlglot.ErrorLevel.RAISE
        statements = sqlglot.parse(sql, read=dialect, error_level=level)
        if len(statements) != 1:
            raise RuntimeError(f"{len(statements)} statements")
        tree = normalize_identifiers(statements[0], dialect=dialect)
        unknown = sorted({call.name for call in tree.find_all(exp.Anonymous)})
        if unknown:
            raise RuntimeError(f"functions that {dialect} may not have: {unknown}")
        # The columns that are read, those of records by their path.
        read_of = {}
        for select in tree.find_all(exp.Select):
            source = select.args.get("from_") or select.args.get("from")
            source = source and source.this
            if not isinstance(source, exp.Table) or source.name.lower() not in self.tables:
                continue
            there = {name.lower() for name in self.tables[source.name.lower()]}
            for column in select.find_all(exp.Column):
                path = [part.name for part in column.parts]
                place = column
                while isinstance(place.parent, exp.Dot) and place.parent.this is place:
                    place = place.parent
                    path.append(place.expression.name)
                if path[0].lower() != source.alias.lower() or len(path) < 2:
                    continue
                if ".".join(path[1:]).lower() not in there:
                    raise RuntimeError(f"{'.'.join(path[1:])} is no column of {source.name}")
                at = read_of.setdefault(source.name, {})
                for part in path[1:]:
                    at = at.setdefault(part, {})
        def held(fields):
            inner = ", ".join(f"`{name}` {held(more)}" for name, more in fields.items())
            return f"STRUCT<{inner}>" if fields else "STRING"
        events = {}
        for name in self.tables.get("events", []):
            at = events
            for part in name.split(".") if dialect == "bigquery" else [name]:
                at = at.setdefault(part, {})
        schema = {
            table: {
                name: f"ARRAY<{held(events)}>" if name.lower() == self.nested and dialect == "bigquery"
                else exp.DataType.build(held(fields), dialect="bigquery").sql(dialect) for name, fields in columns.items()
            }
            for table, columns in read_of.items()
        }
        qualified = qualify(tree, dialect=dialect, schema=sqlglot.MappingSchema(schema, dialect=dialect, normalize=False))
        return [name.lower() for name in qualified.named_selects], []


ENGINES = {
    "duckdb": DuckDB, "postgres": Postgres, "sqlite": Sqlite, "clickhouse": ClickHouse, "spark": Spark,
    "datafusion": DataFusion, "sqlglot": Sqlglot, "transpiled": Transpiled,
}


def answer(engine, job):
    """What a job comes to."""
    for table in job.get("tables", []):
        engine.load(table)
    for sql in job.get("before", []):
        engine.execute(sql)
    if "sql" not in job:
        return {"columns": [], "rows": []}
    more = {name: job[name] for name in ("dialect", "as_of") if name in job}
    names, rows = engine.query(job["sql"], job.get("types"), **more)
    return {"columns": names, "rows": rows}


def main():
    # Engines print what they like to standard output: answers go to a copy of it.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    os.environ.update(TZ="UTC", SPARK_LOCAL_IP="127.0.0.1")
    engine = None
    try:
        engine = ENGINES[sys.argv[1]]()
        print(json.dumps({"version": engine.version}), file=out, flush=True)
        for line in sys.stdin.buffer:
            try:
                said = answer(engine, json.loads(line))
            except Exception as error:  # noqa: BLE001 - whatever the engine says is the answer
                said = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(said), file=out, flush=True)
    finally:
        if hasattr(engine, "close"):
            engine.close()


if __name__ == "__main__":
    main()
